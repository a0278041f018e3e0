using System.CommandLine;
using Ehlo.App.Send;

namespace Ehlo.App.Commands;

/// <summary>The options that say how to reach a server, and as whom.</summary>
internal sealed class SendTargetOptions
{
    // A day: the library's limit of a time-out.
    private const int MaxSeconds = 86_400;

    private readonly Option<string?> _tls = new("--tls")
    {
        HelpName = "HOW",
        Description = "none, offered (STARTTLS if the server has it), required (or starttls) or implicit; otherwise as the URL says.",
    };

    private readonly Option<string?> _authorities = new("--ca")
    {
        HelpName = "FILE",
        Description = "PEM certificates that are trusted instead of the system's; TLS is required.",
    };

    private readonly Option<bool> _insecure = new("--insecure") { Description = "Takes any certificate." };
    private readonly Option<string?> _certificate = new("--client-certificate") { HelpName = "FILE", Description = "A PEM certificate to show." };
    private readonly Option<string?> _key = new("--client-key") { HelpName = "FILE", Description = "Its key, where it is in another file." };
    private readonly Option<string?> _user = new("--user")
    {
        HelpName = "NAME",
        Description = $"Logs in. The password comes from --password-file, {CredentialReader.PasswordVariable}, or is asked for.",
    };

    private readonly Option<string?> _passwordFile = new("--password-file") { HelpName = "FILE", Description = "Its first line is the password." };
    private readonly Option<string?> _tokenFile = new("--token-file")
    {
        HelpName = "FILE",
        Description = "Its first line is a bearer token, for OAUTHBEARER or XOAUTH2.",
    };

    private readonly Option<string[]> _mechanisms = new("--mechanism") { HelpName = "NAME", Description = "Only this mechanism; may be repeated." };
    private readonly Option<bool> _plaintext = new("--allow-plaintext")
    {
        Description = "Shows the password without TLS, where the server asks for it, also on other machines.",
    };

    private readonly Option<string?> _hello = new("--helo") { HelpName = "NAME", Description = "The name in EHLO (the own address)." };
    private readonly Option<int?> _timeout =
        SendCommand.Number("--timeout", "SECONDS", 1, MaxSeconds, "The longest wait for each step (30 for a connection, else minutes).");

    private readonly Option<string?> _proxy = new("--proxy") { HelpName = "URL", Description = "Connects through socks5:// or http://." };
    private readonly Option<bool> _noPipelining = new("--no-pipelining") { Description = "Each command waits for the reply to the one before." };
    private readonly Option<bool> _noChunking = new("--no-chunking") { Description = "DATA, also where the server takes BDAT." };

    public void AddTo(Command command)
    {
        SendCommand.Among(_tls, TargetReader.TlsNames);
        Option[] options =
        [
            _tls, _authorities, _insecure, _certificate, _key, _user, _passwordFile, _tokenFile, _mechanisms, _plaintext, _hello, _timeout,
            _proxy, _noPipelining, _noChunking,
        ];
        foreach (Option option in options) command.Add(option);
    }

    public TargetRequest Read(ParseResult result) => new()
    {
        Tls = result.GetValue(_tls),
        Authorities = result.GetValue(_authorities),
        IsInsecure = result.GetValue(_insecure),
        ClientCertificate = result.GetValue(_certificate),
        ClientKey = result.GetValue(_key),
        User = result.GetValue(_user),
        PasswordFile = result.GetValue(_passwordFile),
        TokenFile = result.GetValue(_tokenFile),
        Mechanisms = result.GetValue(_mechanisms) ?? [],
        AllowPlaintext = result.GetValue(_plaintext),
        HelloName = result.GetValue(_hello),
        TimeoutSeconds = result.GetValue(_timeout),
        Proxy = result.GetValue(_proxy),
        UsePipelining = !result.GetValue(_noPipelining),
        UseChunking = !result.GetValue(_noChunking),
    };
}
