using System.Threading.Tasks;

namespace Ehlo.Interop.Tests.Foreign;

/// <summary>OpenSMTPD, in clear, and so without a login.</summary>
internal sealed class OpenSmtpdServer : ChrootServer
{
    public override string Name => "OpenSMTPD";

    protected override string Unpacked => "opensmtpd";

    protected override async Task<string[]> ConfigureAsync()
    {
        string spool = Make("root/var/spool/smtpd");
        await RunAsync("chmod", "711", spool);
        Make("root/var/lib/opensmtpd/empty");
        Write("root/etc/smtpd.conf", Configuration);
        return ["/usr/sbin/smtpd", "-d", "-f", "/etc/smtpd.conf"];
    }

    private string Configuration => $$"""
        table mailboxes { "@" = "nobody" }
        listen on 127.0.0.1 port {{Port}} hostname mx.example.test
        smtp max-message-size 50M
        smtp limit max-mails 1000
        action "keep" maildir "/mail" virtual <mailboxes>
        match from any for any rcpt-to regex { "^refused" } reject
        match from any for domain "example.test" action "keep"

        """;
}
