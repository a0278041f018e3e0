using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Ehlo.Interop.Tests.Server;

namespace Ehlo.Interop.Tests.Foreign;

/// <summary>Exim.</summary>
internal sealed class EximServer : ChrootServer
{
    public override string Name => "Exim";

    protected override string Unpacked => "exim";

    protected override IEnumerable<string> LogFiles =>
        [Path.Combine(Root, "var/log/exim4/mainlog"), Path.Combine(Root, "var/log/exim4/paniclog")];

    protected override async Task<string[]> ConfigureAsync()
    {
        string spool = Make("root/var/spool/exim4"), logs = Make("root/var/log/exim4");
        Write("root/etc/exim4/exim4.conf", Configuration);
        string key = Path.Combine(Root, "etc", TestCertificate.PrivateKeyName);
        await RunAsync("chown", "-R", "64001:64001", spool, logs, Path.Combine(Root, "mail"), key);
        return ["/usr/sbin/exim4", "-bdf", "-oX", $"127.0.0.1.{Port}", "-oP", "/run/exim.pid"];
    }

    // It is not set-uid root here, so it delivers as the user that it runs as. Of a connection's messages it would deliver ten at once, and
    // leave the others for later.
    private static string Configuration => $$$"""
        primary_hostname = mx.example.test
        log_file_path = /var/log/exim4/%slog
        exim_path = /usr/sbin/exim4
        acl_smtp_rcpt = check_recipient
        acl_smtp_data = accept
        message_size_limit = 50M
        smtp_accept_queue_per_connection = 0
        deliver_drop_privilege = true
        keep_environment =
        smtputf8_advertise_hosts = *
        dsn_advertise_hosts = *
        tls_advertise_hosts = *
        tls_certificate = /etc/{{{TestCertificate.CertificateName}}}
        tls_privatekey = /etc/{{{TestCertificate.PrivateKeyName}}}
        auth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}
        disable_ipv6 = true
        host_lookup =
        rfc1413_hosts =

        begin acl
        check_recipient:
          deny local_parts = ^refused
               message = 5.1.1 No such user
          accept domains = example.test
          deny message = 5.7.1 Relaying denied

        begin routers
        all:
          driver = accept
          transport = maildir

        begin transports
        maildir:
          driver = appendfile
          maildir_format
          directory = /mail
          envelope_to_add
          return_path_add

        begin authenticators
        plain:
          driver = plaintext
          public_name = PLAIN
          server_prompts = :
          server_condition = ${if and{ {eq{$auth2}{{{{UserName}}}}} {eq{$auth3}{{{{Password}}}}} }}
        login:
          driver = plaintext
          public_name = LOGIN
          server_prompts = <| Username: | Password:
          server_condition = ${if and{ {eq{$auth1}{{{{UserName}}}}} {eq{$auth2}{{{{Password}}}}} }}
        cram:
          driver = cram_md5
          public_name = CRAM-MD5
          server_secret = ${if eq{$auth1}{{{{UserName}}}}{{{{Password}}}}fail}

        """;
}
