using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Tasks;
using Ehlo.App.Access;
using Ehlo.App.Configuration;
using Ehlo.App.Console;
using Ehlo.App.Inbox;
using Ehlo.App.Tests.Console;
using Ehlo.Sasl;

namespace Ehlo.App.Tests.Access;

/// <summary>A console where ann is an administrator, bob sees the mailbox "bobs" and what is everybody's, and carl only the latter.</summary>
public sealed class SignInFixture : ConsoleFixture
{
    internal const string Bobs = "bobs";

    internal SignIn SignIn { get; private set; } = null!;

    /// <summary>Who signs in by the header Authorization.</summary>
    internal static AuthenticationHeaderValue Basic(string name) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{name}'s password")));

    internal async Task<HttpResponseMessage> SendAsync(string? user, HttpMethod method, string path, HttpContent? content = null)
    {
        using HttpRequestMessage request = new(method, new Uri(path, UriKind.Relative)) { Content = content };
        if (user is not null) request.Headers.Authorization = Basic(user);
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    internal async Task<StoredMessage> AddToAsync(string mailbox, string subject) => await AddAsync(Message(subject) with { Mailbox = mailbox });

    private protected override ConsoleStart Change(ConsoleStart start)
    {
        SignInOptions options = new()
        {
            Users = [User("ann"), User("bob"), User("carl")],
            Administrators = new HashSet<string> { "ann" },
        };
        SignIn = new(options, new MailboxUsers([(MailboxName.Default, null), (Bobs, ["bob"])]), start.Time, _ => { });
        return start with { SignIn = SignIn };
    }

    // Few rounds, so that the tests do not compute keys all the time.
    private static UserOptions User(string name) => new(name, ScramCredential.Create($"{name}'s password", new byte[16], 4096));
}
