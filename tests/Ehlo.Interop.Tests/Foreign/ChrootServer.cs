using System;
using System.IO;
using System.Threading.Tasks;
using Ehlo.Interop.Tests.Clients;
using Ehlo.Interop.Tests.Server;

namespace Ehlo.Interop.Tests.Foreign;

/// <summary>
/// A server that Debian's package manager would not install beside Postfix: eng/foreign-servers.sh has unpacked it as a root of its own, and a
/// copy of that is the whole of what it sees. So the paths and users that are compiled into it are there, and none of the machine's.
/// </summary>
internal abstract class ChrootServer : ForeignServer
{
    /// <summary>The root, as the machine sees it.</summary>
    protected string Root => Path.Combine(Folder, "root");

    protected override string[] MailFolders => [Path.Combine(Root, "mail", "new"), Path.Combine(Root, "mail", "cur")];

    /// <summary>The folder under artifacts/foreign.</summary>
    protected abstract string Unpacked { get; }

    /// <summary>Writes the configuration, and says which program of the root is to be run how.</summary>
    protected abstract Task<string[]> ConfigureAsync();

    protected sealed override async Task<(string Program, string[] Arguments)> PrepareAsync()
    {
        RequireRoot();
        // artifacts/bin/Ehlo.Interop.Tests/release/ and artifacts/foreign/
        string source = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "foreign", Unpacked));
        if (!File.Exists(Path.Combine(source, "complete"))) ChildProgram.Miss($"{Name} is not unpacked; test.sh does that on Debian.");
        await RunAsync("cp", "-a", source, Root);
        foreach ((string name, int minor) in new[] { ("null", 3), ("urandom", 9) })
        {
            await RunAsync("mknod", "-m", "666", Path.Combine(Root, "dev", name), "c", "1", $"{minor}");
        }
        foreach (string folder in new[] { "new", "cur", "tmp" }) Make($"root/mail/{folder}");
        await RunAsync("chown", "-R", "nobody", Path.Combine(Root, "mail"));
        await RunAsync("chmod", "1777", Path.Combine(Root, "tmp"));
        WriteAccounts();
        await RunAsync("cp", Path.Combine(Folder, TestCertificate.CertificateName), Path.Combine(Root, "etc"));
        await RunAsync("install", "-m", "600", Path.Combine(Folder, TestCertificate.PrivateKeyName), Path.Combine(Root, "etc"));
        return ("chroot", [Root, .. await ConfigureAsync()]);
    }

    // With the users that the servers were built to run as.
    private void WriteAccounts()
    {
        Write("root/etc/passwd", """
            root:x:0:0:root:/:/bin/sh
            nobody:x:65534:65534:nobody:/:/bin/sh
            Debian-exim:x:64001:64001:Exim:/:/bin/sh
            opensmtpd:x:64002:64002:OpenSMTPD:/:/bin/sh
            opensmtpq:x:64003:64003:OpenSMTPD queue:/:/bin/sh
            dovecot:x:64004:64004:Dovecot:/:/bin/sh
            dovenull:x:64005:64005:Dovecot login:/:/bin/sh

            """);
        Write("root/etc/group", """
            root:x:0:
            nogroup:x:65534:
            Debian-exim:x:64001:
            opensmtpd:x:64002:
            opensmtpq:x:64003:
            dovecot:x:64004:
            dovenull:x:64005:

            """);
        Write("root/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\nservices: files\n");
        Write("root/etc/hosts", "127.0.0.1 localhost mx.example.test\n");
        Write("root/etc/services", "smtp 25/tcp\nsmtps 465/tcp\nsubmission 587/tcp\n");
    }
}
