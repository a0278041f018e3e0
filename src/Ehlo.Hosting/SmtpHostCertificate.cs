namespace Ehlo.Hosting;

/// <summary>A certificate in two PEM files. Relative paths are from the host's content root.</summary>
public sealed class SmtpHostCertificate
{
    /// <summary>The file of the certificate and, behind it, those of its issuers.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>The file of the private key, which has no passphrase.</summary>
    public string PrivateKey { get; set; } = "";
}
