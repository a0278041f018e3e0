using System.Threading.Tasks;
using Ehlo.Interop.Tests.Server;

namespace Ehlo.Interop.Tests.Foreign;

/// <summary>Dovecot's LMTP.</summary>
internal sealed class DovecotServer : ChrootServer
{
    public override string Name => "Dovecot";

    public override MailProtocol Protocol => MailProtocol.Lmtp;

    // What one recipient has is shared among many.
    protected override bool NamesRecipients(int count) => count == 1;

    protected override string Unpacked => "dovecot";

    protected override Task<string[]> ConfigureAsync()
    {
        Make("root/run/dovecot");
        Make("root/var/lib/dovecot");
        Write("root/etc/dovecot/dovecot.conf", Configuration);
        Write("root/etc/refused", "refused:\n");
        return Task.FromResult<string[]>(["/usr/sbin/dovecot", "-F", "-c", "/etc/dovecot/dovecot.conf"]);
    }

    // The user behind "refused+any" is "refused".
    private string Configuration => $$"""
        protocols = lmtp
        listen = 127.0.0.1
        log_path = /dev/stderr
        hostname = mx.example.test
        ssl = yes
        ssl_cert = </etc/{{TestCertificate.CertificateName}}
        ssl_key = </etc/{{TestCertificate.PrivateKeyName}}
        mail_location = maildir:/mail:INDEX=MEMORY
        lmtp_hdr_delivery_address = final
        recipient_delimiter = +
        first_valid_uid = 1
        passdb {
          driver = passwd-file
          args = username_format=%n /etc/refused
          deny = yes
        }
        passdb {
          driver = static
          args = nopassword=yes
        }
        userdb {
          driver = static
          args = uid=nobody gid=nogroup home=/mail
        }
        service lmtp {
          inet_listener lmtp {
            address = 127.0.0.1
            port = {{Port}}
          }
        }

        """;
}
