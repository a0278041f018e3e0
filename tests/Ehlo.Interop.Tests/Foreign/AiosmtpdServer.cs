using System;
using System.IO;
using System.Threading.Tasks;
using Ehlo.Interop.Tests.Server;

namespace Ehlo.Interop.Tests.Foreign;

/// <summary>Python's aiosmtpd, which knows neither PIPELINING nor CHUNKING.</summary>
internal sealed class AiosmtpdServer : ForeignServer
{
    public override string Name => "aiosmtpd";

    public override bool HasFileForEach => false;

    protected override string[] MailFolders => [Path.Combine(Folder, "mail", "new")];

    protected override Task<(string Program, string[] Arguments)> PrepareAsync()
    {
        Make("mail/tmp");
        Make("mail/new");
        string script = Path.Combine(AppContext.BaseDirectory, "aiosmtpd_server.py");
        string certificate = Path.Combine(Folder, TestCertificate.CertificateName);
        string key = Path.Combine(Folder, TestCertificate.PrivateKeyName);
        string[] arguments = [script, $"{Port}", Path.Combine(Folder, "mail"), certificate, key, UserName, Password];
        return Task.FromResult(("/usr/bin/python3", arguments));
    }
}
