using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Ehlo.App.Configuration;
using Ehlo.App.Inbox;
using Ehlo.App.Routing;
using Ehlo.Sasl;
using Ehlo.Server;

namespace Ehlo.App.Smtp;

/// <summary>What all sessions share: the routes, the users, the inbox, the line a message.</summary>
internal sealed class MessageIntake(SmtpStart start, IReadOnlyDictionary<SmtpListener, string> listenerNames)
{
    // Compared with where the name is unknown, so that the time of a refusal does not tell which names exist.
    private static readonly PasswordKey Nobody = new("");

    private readonly Dictionary<string, PasswordKey> _users = Users(start.Options);

    public InboxStore? Store => start.Store;

    public TimeProvider Time => start.Time;

    public string ServerName => start.Options.ServerName;

    /// <summary>Whether there is anybody to authenticate.</summary>
    public bool Authenticates => start.Options.Authentication is AuthenticationMode.Any || _users.Count > 0;

    public SmtpSession NewSession(SmtpServerConnection connection) => new InboxSession(connection, this);

    public Destination? Route(Recipient recipient, SmtpServerConnection connection, bool isAuthenticated) =>
        start.Options.Routes.Find(recipient.Path.Address, listenerNames[connection.Listener], isAuthenticated);

    /// <summary>Compares in the same time whether the name or the password is wrong, and on the pool, since the key takes milliseconds.</summary>
    public async ValueTask<AuthenticationResult> AuthenticateAsync(PasswordRequest request)
    {
        string name = request.AuthenticationIdentity;
        // Nobody here may act as somebody else.
        if (request.AuthorizationIdentity is { } other && other != name) return AuthenticationResult.Refuse();
        if (start.Options.Authentication is AuthenticationMode.Any) return AuthenticationResult.Accept(name);
        bool isKnown = _users.TryGetValue(name, out PasswordKey? key);
        bool isRight = await Task.Run(() => (key ?? Nobody).Matches(request.Password));
        return isKnown && isRight ? AuthenticationResult.Accept(name) : AuthenticationResult.Refuse();
    }

    /// <summary>Says in a line what became of a message.</summary>
    public void Tell(StoredMessage message, string outcome)
    {
        if (Store is null) return;
        string who = message.Identity is null ? message.Hello.Name : $"{message.Hello.Name} as {message.Identity}";
        // A Unix socket has no address to show.
        string place = message.PeerAddress.Length == 0 ? "" : $" [{message.PeerAddress}]";
        start.Output.WriteLine(
            $"{who}{place} <{message.From}> to <{string.Join(">, <", message.To)}>, {message.Size} octets: {outcome}");
    }

    public void TellError(string text)
    {
        lock (start.Error) start.Error.WriteLine($"ehlo: {text}");
    }

    private static Dictionary<string, PasswordKey> Users(ServeOptions options)
    {
        Dictionary<string, PasswordKey> users = new(StringComparer.Ordinal);
        foreach (UserOptions user in options.Users) users[user.Name] = user.Password;
        return users;
    }
}
