using System.IO;
using System.Text;
using System.Threading.Tasks;
using Ehlo.Interop.Tests.Clients;
using Ehlo.Interop.Tests.Server;

namespace Ehlo.Interop.Tests.Foreign;

/// <summary>OpenSMTPD.</summary>
internal sealed class OpenSmtpdServer : ChrootServer
{
    public override string Name => "OpenSMTPD";

    protected override string Unpacked => "opensmtpd";

    protected override async Task<string[]> ConfigureAsync()
    {
        string spool = Make("root/var/spool/smtpd");
        await RunAsync("chmod", "711", spool);
        Make("root/var/lib/opensmtpd/empty");
        // It reads the password and writes its hash.
        using TempFolder folder = new();
        string hash = await ChildProgram.RunAsync(
            "chroot", [Root, "/usr/libexec/opensmtpd/encrypt"], folder, Encoding.UTF8.GetBytes(Password + "\n"));
        Write("root/etc/smtpd.conf", Configuration);
        await RunAsync("chmod", "640", Write("root/etc/users", $"{UserName} {hash.Trim()}\n"));
        await RunAsync("chgrp", "64002", Path.Combine(Root, "etc", "users"));
        return ["/usr/sbin/smtpd", "-d", "-f", "/etc/smtpd.conf"];
    }

    private string Configuration => $$"""
        pki mx.example.test cert "/etc/{{TestCertificate.CertificateName}}"
        pki mx.example.test key "/etc/{{TestCertificate.PrivateKeyName}}"
        table logins file:/etc/users
        table mailboxes { "@" = "nobody" }
        listen on 127.0.0.1 port {{Port}} hostname mx.example.test tls pki mx.example.test auth-optional <logins>
        smtp max-message-size 50M
        smtp limit max-mails 1000
        action "keep" maildir "/mail" virtual <mailboxes>
        match from any for any rcpt-to regex { "^refused" } reject
        match from any for domain "example.test" action "keep"

        """;
}
