using System;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.App.Configuration;
using Ehlo.App.Smtp;
using Ehlo.App.Users;
using Ehlo.Sasl;
using Ehlo.Server;

namespace Ehlo.App.Access;

/// <summary>What became of a name and a password.</summary>
internal enum SignInOutcome : byte
{
    Right,
    Wrong,

    /// <summary>Not even looked at: too many were wrong.</summary>
    TooMany,
}

/// <summary>Who may sign in to the console and the API. Thread-safe.</summary>
internal sealed class SignIn
{
    // Of an address: somebody who mistypes makes some, one who guesses needs thousands. Each costs some milliseconds of computing, too.
    private const int FailuresPerMinute = 10;

    private readonly SignInOptions _options;
    private readonly MailboxUsers _mailboxes;
    private readonly UserDirectory _users;
    private readonly Authenticator _authenticator;
    private readonly AddressRates _failures;

    /// <param name="options">The users.</param>
    /// <param name="mailboxes">Who sees which mailbox.</param>
    /// <param name="time">The clock of rates and files.</param>
    /// <param name="tellError">Told when a changed users file cannot be used.</param>
    public SignIn(SignInOptions options, MailboxUsers mailboxes, TimeProvider time, Action<string> tellError)
    {
        (_options, _mailboxes) = (options, mailboxes);
        _users = new UserDirectory(options.Users, options.UsersFile, time, tellError);
        _authenticator = new Authenticator(AuthenticationMode.Users, _users);
        _failures = new AddressRates(new() { AuthenticationFailuresPerMinutePerAddress = FailuresPerMinute }, time);
    }

    /// <summary>Whether the password is that of the user. Costs some milliseconds, on the pool.</summary>
    /// <param name="name">The name as given.</param>
    /// <param name="password">The password as given.</param>
    /// <param name="address">Who gives them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Also the name in the form that it is known by, where it is right.</returns>
    public async Task<(SignInOutcome Outcome, string? Name)> CheckAsync(
        string name, string password, IPAddress address, CancellationToken cancellationToken)
    {
        if (!_failures.TryAcquire(SmtpRateEvent.AuthenticationFailure, address, draws: false)) return (SignInOutcome.TooMany, null);
        PasswordRequest request = new("", name, password);
        AuthenticationResult result = await _authenticator.AnswerAsync(request, cancellationToken);
        if (result.Identity is { } identity) return (SignInOutcome.Right, identity.Name);
        _failures.TryAcquire(SmtpRateEvent.AuthenticationFailure, address, draws: true);
        return (SignInOutcome.Wrong, null);
    }

    /// <summary>
    /// What stands for the user's password: who signed in with another one, or was removed since, is signed in no longer. Null for an unknown
    /// name.
    /// </summary>
    public string? StampOf(string name) => _users.Find(name) is { } credential
        ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(credential.ToString())).AsSpan(0, 16))
        : null;

    /// <summary>What the user may see; nothing where the stamp is no longer that of the password.</summary>
    public Viewer Find(string name, string? stamp)
    {
        if (StampOf(name) is not { } current || current != stamp) return Viewer.Nobody;
        bool isAdministrator = _options.Administrators?.Contains(name) ?? true;
        return new() { Name = name, IsAdministrator = isAdministrator, Mailboxes = isAdministrator ? null : _mailboxes.SeenBy(name) };
    }
}
