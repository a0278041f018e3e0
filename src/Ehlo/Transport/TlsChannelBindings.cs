using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Net.Security;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Security.Authentication.ExtendedProtection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ChannelBinding = Ehlo.Sasl.ChannelBinding;
using PlatformBinding = System.Security.Authentication.ExtendedProtection.ChannelBinding;

namespace Ehlo.Transport;

/// <summary>
/// The channel bindings of a TLS connection. tls-exporter (RFC 9266), the only one of TLS 1.3 beside the certificate's, is not among them:
/// the platform exports no keying material.
/// </summary>
internal static class TlsChannelBindings
{
    private const string Sha1 = "1.3.14.3.2.26";

    // The platform's token: a structure of eight 32-bit numbers, the binding's name with a colon, the octets.
    private const int HeaderOctets = 32;

    public static IReadOnlyList<ChannelBinding> Of(SslStream tls)
    {
        List<ChannelBinding> bindings = [];
        if ((tls.IsServer ? tls.LocalCertificate : tls.RemoteCertificate) is X509Certificate2 certificate && ServerEndPoint(certificate) is { } hash)
            bindings.Add(new(ChannelBinding.TlsServerEndPoint, hash));
        if (tls.SslProtocol is SslProtocols.Tls12 && Unique(tls) is { } unique) bindings.Add(new(ChannelBinding.TlsUnique, unique));
        return bindings;
    }

    /// <summary>
    /// The certificate by the hash function of its own signature, or by SHA-256 where that is MD5 or SHA-1 (RFC 5929 section 4.1). Null where
    /// the signature uses no one function, as Ed25519 does: then the binding is not defined.
    /// </summary>
    public static byte[]? ServerEndPoint(X509Certificate2 certificate) => HashOf(certificate) is { } hash
        ? CryptographicOperations.HashData(hash, certificate.RawDataMemory.Span)
        : null;

    private static HashAlgorithmName? HashOf(X509Certificate2 certificate) => certificate.SignatureAlgorithm.Value switch
    {
        "1.2.840.113549.1.1.4" or "1.2.840.113549.1.1.5" => HashAlgorithmName.SHA256, // MD5 and SHA-1 with RSA
        "1.2.840.113549.1.1.11" => HashAlgorithmName.SHA256, // SHA-256 with RSA
        "1.2.840.113549.1.1.12" => HashAlgorithmName.SHA384,
        "1.2.840.113549.1.1.13" => HashAlgorithmName.SHA512,
        "1.2.840.10045.4.1" => HashAlgorithmName.SHA256, // SHA-1 with ECDSA
        "1.2.840.10045.4.3.2" => HashAlgorithmName.SHA256, // SHA-256 with ECDSA
        "1.2.840.10045.4.3.3" => HashAlgorithmName.SHA384,
        "1.2.840.10045.4.3.4" => HashAlgorithmName.SHA512,
        "1.2.840.113549.1.1.10" => PssHash(certificate), // RSA-PSS, whose parameters name the function
        _ => null,
    };

    // RSASSA-PSS-params ::= SEQUENCE { hashAlgorithm [0], maskGenAlgorithm [1], ... }, each SHA-1 where it is absent (RFC 4055 section 3.1)
    private static HashAlgorithmName? PssHash(X509Certificate2 certificate)
    {
        try
        {
            AsnReader whole = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.DER).ReadSequence();
            whole.ReadEncodedValue();
            AsnReader algorithm = whole.ReadSequence();
            algorithm.ReadObjectIdentifier();
            AsnReader parameters = algorithm.ReadSequence();
            string hash = Sha1, mask = Sha1;
            Asn1Tag tag = new(TagClass.ContextSpecific, 0, isConstructed: true);
            if (parameters.HasData && parameters.PeekTag() == tag) hash = parameters.ReadSequence(tag).ReadSequence().ReadObjectIdentifier();
            tag = new(TagClass.ContextSpecific, 1, isConstructed: true);
            if (parameters.HasData && parameters.PeekTag() == tag)
            {
                AsnReader generator = parameters.ReadSequence(tag).ReadSequence();
                generator.ReadObjectIdentifier();
                mask = generator.ReadSequence().ReadObjectIdentifier();
            }
            if (hash != mask) return null;
            return hash switch
            {
                Sha1 or "2.16.840.1.101.3.4.2.1" => HashAlgorithmName.SHA256,
                "2.16.840.1.101.3.4.2.2" => HashAlgorithmName.SHA384,
                "2.16.840.1.101.3.4.2.3" => HashAlgorithmName.SHA512,
                _ => null,
            };
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static byte[]? Unique(SslStream tls)
    {
        using PlatformBinding? token = tls.TransportContext.GetChannelBinding(ChannelBindingKind.Unique);
        if (token is null || token.IsInvalid || token.Size <= HeaderOctets) return null;
        byte[] octets = new byte[token.Size];
        Marshal.Copy(token.DangerousGetHandle(), octets, 0, octets.Length);
        ReadOnlySpan<byte> data = octets.AsSpan(HeaderOctets);
        return data.StartsWith("tls-unique:"u8) ? data["tls-unique:".Length..].ToArray() : null;
    }
}
