using System;
using System.Collections.Generic;

namespace Ehlo.Interop.Tests.Clients;

public enum Security
{
    None,
    StartTls,
    Implicit,
}

public enum Mechanism
{
    Plain,
    Login,
    ScramSha1,
    ScramSha256,
    ScramSha512,
    ScramSha1Plus,
    ScramSha256Plus,
    ScramSha512Plus,
    XOAuth2,
    OAuthBearer,
    Anonymous,
    CramMd5,
}

internal static class Mechanisms
{
    /// <summary>The registered name.</summary>
    public static string Name(this Mechanism mechanism) => mechanism switch
    {
        Mechanism.ScramSha1 => "SCRAM-SHA-1",
        Mechanism.ScramSha256 => "SCRAM-SHA-256",
        Mechanism.CramMd5 => "CRAM-MD5",
        Mechanism.ScramSha512 => "SCRAM-SHA-512",
        Mechanism.ScramSha1Plus => "SCRAM-SHA-1-PLUS",
        Mechanism.ScramSha256Plus => "SCRAM-SHA-256-PLUS",
        Mechanism.ScramSha512Plus => "SCRAM-SHA-512-PLUS",
        _ => mechanism.ToString().ToUpperInvariant(),
    };
}

internal sealed record Login(Mechanism Mechanism, string User, string Password);

/// <summary>What a client is to send: every content in a transaction of its own, all on one connection.</summary>
internal sealed record Delivery
{
    public required int Port { get; init; }

    public Security Security { get; init; }

    /// <summary>The certification authority that the client trusts, as a PEM file. The client verifies the server's certificate.</summary>
    public string AuthorityFile { get; init; } = "";

    public Login? Login { get; init; }

    public required string From { get; init; }

    public required IReadOnlyList<string> To { get; init; }

    /// <summary>Lines that end with CRLF; the last may have no end.</summary>
    public required IReadOnlyList<byte[]> Contents { get; init; }

    /// <summary>Addresses or header fields are not ASCII: the client asks for SMTPUTF8 (RFC 6531 section 3.4).</summary>
    public bool Utf8 { get; init; }

    /// <summary>The name that is in the certificate, where there is one.</summary>
    public string Host => Security == Security.None ? "127.0.0.1" : "localhost";

    public byte[] Content => Contents.Count == 1 ? Contents[0] : throw new InvalidOperationException("There is not one content only.");
}
