using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

namespace Ehlo.Interop.Tests.Foreign;

/// <summary>Postfix's test server, which keeps each transaction in a file. Its options make it odd.</summary>
internal sealed class SmtpSinkServer(params string[] options) : ForeignServer
{
    public override string Name => "smtp-sink";

    public override MailProtocol Protocol => options.Contains("-L") ? MailProtocol.Lmtp : MailProtocol.Smtp;

    public override bool HasFileForEach => false;

    public override string Suffix => "\r\n";

    protected override bool Greets => !options.Contains("CONNECT");

    protected override string[] MailFolders => [Path.Combine(Folder, "mail")];

    protected override Task<(string Program, string[] Arguments)> PrepareAsync()
    {
        Make("mail");
        // It may not run as root, and then must be told as whom.
        string[] user = Environment.IsPrivilegedProcess ? ["-u", "root"] : [];
        string[] arguments = [.. user, "-d", Path.Combine(Folder, "mail", "m."), .. options, $"127.0.0.1:{Port}", "100"];
        return Task.FromResult(("smtp-sink", arguments));
    }
}
