using System;
using Ehlo.Client;

namespace Ehlo.App.Send;

/// <summary>A destination as people write it: a URL, or <c>host:port</c>, with a user whose password may be somewhere else.</summary>
/// <param name="Destination">Without its user; port and TLS as the URL says, or as they are without a user.</param>
/// <param name="User">Who logs in, or null.</param>
/// <param name="Password">The password, where the URL has one.</param>
/// <param name="NamesPort">Whether the port was said.</param>
/// <param name="NamesTls">Whether TLS was said, by the scheme or by <c>?tls=</c>.</param>
internal sealed record SendTarget(SmtpDestination Destination, string? User, string? Password, bool NamesPort, bool NamesTls)
{
    /// <exception cref="FormatException">It is no destination; the message says why, and shows no password.</exception>
    public static SendTarget Parse(string text)
    {
        string url = text.Contains("://", StringComparison.Ordinal) || text.Contains("+unix:", StringComparison.Ordinal) ? text : $"smtp://{text}";
        int start = url.IndexOf("://", StringComparison.Ordinal) + 3;
        if (start < 3) return new(SmtpDestination.Parse(url), null, null, NamesPort: true, NamesTls: true);
        int end = url.AsSpan(start).IndexOfAny('/', '?');
        string authority = end < 0 ? url[start..] : url[start..(start + end)];
        string behind = end < 0 ? "" : url[(start + end)..];
        // The last one: a password may hold another.
        int at = authority.LastIndexOf('@');
        string[] login = at < 0 ? [] : authority[..at].Split(':', 2);
        string bare = string.Concat(url.AsSpan(0, start), authority.AsSpan(at + 1), behind);
        if (login is ["", ..]) throw new FormatException("There is no user before the '@'.");
        SmtpDestination destination = SmtpDestination.Parse(bare);
        return new(
            destination,
            login.Length > 0 ? Uri.UnescapeDataString(login[0]) : null,
            login.Length > 1 ? Uri.UnescapeDataString(login[1]) : null,
            NamesPort: new Uri(bare).Port > 0,
            NamesTls: destination.Tls is ClientTls.Implicit || behind.Contains("tls=", StringComparison.Ordinal));
    }

    /// <summary>The destination with what it depends on.</summary>
    /// <param name="tls">What was asked for beside the URL, or null.</param>
    /// <param name="hasCredential">Whether there will be a login: then the port is that of submission, and TLS is required.</param>
    /// <param name="needsTls">Whether TLS is required for another reason.</param>
    public SmtpDestination With(ClientTls? tls, bool hasCredential, bool needsTls)
    {
        ClientTls chosen = tls
            ?? (!NamesTls && (needsTls || (hasCredential && !Destination.IsLocal)) ? ClientTls.StartTls : Destination.Tls);
        if (Destination.UnixPath is not null) return Destination with { Tls = tls ?? Destination.Tls };
        int port = NamesPort || Destination.Protocol is MailProtocol.Lmtp ? Destination.Port
            : chosen is ClientTls.Implicit ? SmtpDestination.ImplicitTlsPort
            : hasCredential ? SmtpDestination.SubmissionPort
            : SmtpDestination.RelayPort;
        return new(Destination.Host, port) { Protocol = Destination.Protocol, Tls = chosen };
    }
}
