using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using Ehlo.Interop.Tests.Clients;
using Ehlo.Interop.Tests.Server;

namespace Ehlo.Interop.Tests.Foreign;

/// <summary>Postfix with a queue and a configuration of its own; its SCRAM is that of Cyrus SASL.</summary>
internal sealed class PostfixServer : ForeignServer
{
    private static readonly string[] PostfixFolders =
    [
        "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace",
    ];

    public override string Name => "Postfix";

    protected override string[] MailFolders => [Path.Combine(Folder, "mail", "all", "new")];

    protected override IEnumerable<string> LogFiles => [Path.Combine(Folder, "log")];

    protected override async Task<(string Program, string[] Arguments)> PrepareAsync()
    {
        RequireRoot();
        foreach (string folder in PostfixFolders) Make(Path.Combine("queue", folder));
        foreach (string folder in new[] { "queue/pid", "queue/public", "queue/maildrop", "data", "mail/all/new", "mail/all/cur", "mail/all/tmp" })
        {
            Make(folder);
        }
        Write("etc/main.cf", MainConfiguration());
        Write("etc/master.cf", Services());
        // Whoever is not listed is refused at RCPT.
        Write("etc/mailboxes", "!/^refused/ all/\n");
        Write("etc/sasl/smtpd.conf", $"""
            pwcheck_method: auxprop
            auxprop_plugin: sasldb
            sasldb_path: {Folder}/etc/sasl/users
            mech_list: SCRAM-SHA-512 SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5 PLAIN LOGIN

            """);
        await WriteUserAsync();
        await RunAsync("chown", "-R", "postfix", Path.Combine(Folder, "queue"), Path.Combine(Folder, "data"), Path.Combine(Folder, "etc", "sasl"));
        await RunAsync("chown", "root", Path.Combine(Folder, "queue"), Path.Combine(Folder, "queue", "pid"));
        await RunAsync("chown", "-R", "nobody", Path.Combine(Folder, "mail"));
        // It ends its own by the process group, which it does not make where it stays in the foreground.
        return ("setsid", ["/usr/lib/postfix/sbin/master", "-c", Path.Combine(Folder, "etc"), "-d"]);
    }

    private async Task WriteUserAsync()
    {
        using TempFolder folder = new();
        await ChildProgram.RunAsync(
            "saslpasswd2",
            ["-p", "-c", "-f", Path.Combine(Folder, "etc", "sasl", "users"), "-u", "mx.example.test", UserName],
            folder,
            Encoding.UTF8.GetBytes(Password));
    }

    // Waits that are there to slow clients down are off: in_flow_delay, the sleeps after errors, the limits for a client.
    private string MainConfiguration() => $"""
        compatibility_level = 3.6
        queue_directory = {Folder}/queue
        data_directory = {Folder}/data
        maillog_file = {Folder}/log
        maillog_file_prefixes = {Folder}
        myhostname = mx.example.test
        mydestination =
        mynetworks =
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        smtputf8_enable = yes
        message_size_limit = 50000000
        mailbox_size_limit = 0
        in_flow_delay = 0
        smtpd_error_sleep_time = 0
        smtpd_client_connection_count_limit = 0
        smtpd_tls_security_level = may
        smtpd_tls_cert_file = {Folder}/{TestCertificate.CertificateName}
        smtpd_tls_key_file = {Folder}/{TestCertificate.PrivateKeyName}
        smtpd_sasl_auth_enable = yes
        smtpd_sasl_path = smtpd
        smtpd_sasl_local_domain = mx.example.test
        smtpd_tls_auth_only = yes
        smtpd_relay_restrictions = reject_unauth_destination
        virtual_mailbox_domains = example.test
        virtual_mailbox_base = {Folder}/mail
        virtual_mailbox_maps = regexp:{Folder}/etc/mailboxes
        virtual_mailbox_limit = 0
        virtual_minimum_uid = 1
        virtual_uid_maps = static:65534
        virtual_gid_maps = static:65534
        alias_maps =
        alias_database =

        """;

    // service, type, private, unprivileged, chroot, wakeup, processes, command
    private string Services() => $"""
        127.0.0.1:{Port} inet n - n - - smtpd
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        tlsmgr unix - - n 1000? 1 tlsmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        trace unix - - n - 0 bounce
        proxymap unix - - n - - proxymap
        error unix - - n - - error
        retry unix - - n - - error
        virtual unix - n n - - virtual
        anvil unix - - n - 1 anvil
        postlog unix-dgram n - n - 1 postlogd

        """;
}
