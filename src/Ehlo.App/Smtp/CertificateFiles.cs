using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using Ehlo.App.Configuration;
using Ehlo.Server;

namespace Ehlo.App.Smtp;

/// <summary>The certificates of a listener, from their files.</summary>
internal static class CertificateFiles
{
    /// <param name="where">What names the files to the user, for the message.</param>
    /// <exception cref="ConfigurationException">A file cannot be read, or is no certificate, or its key is not the certificate's.</exception>
    public static ServerCertificates Read(IReadOnlyList<CertificateOptions> files, string where)
    {
        try
        {
            return ServerCertificates.FromPemFiles([.. files.Select(pair => (pair.Certificate, pair.PrivateKey))]);
        }
        catch (Exception exception) when (exception
            is IOException or CryptographicException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ConfigurationException([$"{where}: cannot be used: {exception.Message}"]);
        }
    }
}
