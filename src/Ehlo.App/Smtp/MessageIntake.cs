using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Inbox;
using Ehlo.App.Mailboxes;
using Ehlo.App.Routing;
using Ehlo.App.Users;
using Ehlo.Sasl;
using Ehlo.Server;
using Ehlo.Testing;

namespace Ehlo.App.Smtp;

/// <summary>What all sessions share: the routes, the users, the inbox, the line a message.</summary>
internal sealed class MessageIntake(SmtpStart start, IReadOnlyDictionary<SmtpListener, string> listenerNames)
{
    private readonly Authenticator _authenticator = new(
        start.Options.Authentication,
        new UserDirectory(start.Options.Users, start.Options.UsersFile, start.Time, text => Write(start.Error, text)));

    private readonly Arrival _arrival = new(start.Options.Mailboxes, start.Options.Tags);

    public InboxStore Store => start.Store;

    /// <summary>A new entry in the list of sessions, with its trace.</summary>
    public DialogueTrace Trace(SmtpServerConnection connection) =>
        new(Time, SessionWatch.Open(start.Sessions, connection), start.Sessions.Traffic);

    /// <summary>A message was accepted.</summary>
    /// <param name="contentEnded">The clock's timestamp when the last of its content was there.</param>
    public void Count(long octets, long contentEnded) => start.Sessions.Traffic.Accept(octets, Time.GetElapsedTime(contentEnded));

    public TimeProvider Time => start.Time;

    public FaultSet Faults => start.Faults;

    public string ServerName => start.Options.ServerName;

    /// <summary>What can be answered of the mechanisms' requests.</summary>
    public AuthenticationKinds AuthenticationKinds => _authenticator.Kinds;

    public SmtpSession NewSession(SmtpServerConnection connection) => new InboxSession(connection, this);

    public Destination? Route(Recipient recipient, SmtpServerConnection connection, bool isAuthenticated) =>
        start.Options.Routes.Find(recipient.Path.Address, listenerNames[connection.Listener], isAuthenticated);

    /// <summary>Puts the message into its mailbox and gives it its tags.</summary>
    /// <param name="header">The decoded value of a header field, or null.</param>
    public StoredMessage Arrange(StoredMessage message, SmtpServerConnection connection, Func<string, string?> header) =>
        _arrival.Arrange(message, listenerNames[connection.Listener], header);

    public ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken) =>
        _authenticator.AnswerAsync(request, cancellationToken);

    /// <summary>Says in a line what became of a message.</summary>
    public void Tell(StoredMessage message, string outcome) => Tell(message, $", {message.Size} octets", outcome);

    /// <summary>Says in a line that a recipient was refused.</summary>
    /// <param name="message">What is known of the message, with this recipient alone.</param>
    public void TellRefusal(StoredMessage message, Reply reply) => Tell(message, "", $"refused, {reply}");

    private void Tell(StoredMessage message, string size, string outcome) =>
        start.Output.WriteLine(MessageLine.Of(message, size, outcome));

    public void TellError(string text) => Write(start.Error, text);

    private static void Write(TextWriter error, string text)
    {
        lock (error) error.WriteLine($"ehlo: {text}");
    }
}
