using System;
using System.Threading.Tasks;
using Xunit;

namespace Ehlo.Interop.Tests.Clients;

/// <summary>What a client can do beside sending a message of plain text.</summary>
[Flags]
public enum Abilities
{
    None = 0,

    /// <summary>SMTP without TLS.</summary>
    Clear = 1,
    StartTls = 2,
    ImplicitTls = 4,
    AuthPlain = 8,
    AuthLogin = 16,

    /// <summary>Octets above 127 in the body.</summary>
    EightBit = 32,

    /// <summary>Addresses and header fields in UTF-8.</summary>
    SmtpUtf8 = 64,

    /// <summary>Many messages on one connection.</summary>
    Many = 128,

    /// <summary>Leading dots, an empty body, a last line without an end.</summary>
    AnyContent = 256,

    ScramSha1 = 512,
    ScramSha256 = 1024,
    ScramSha512 = 2048,

    /// <summary>SCRAM bound to the TLS channel, with each hash that it has without.</summary>
    ScramPlus = 4096,

    OAuthBearer = 8192,
    XOAuth2 = 16384,
    Anonymous = 32768,
    CramMd5 = 65536,

    Bearer = OAuthBearer | XOAuth2,
    Scram = ScramSha1 | ScramSha256 | ScramSha512,
    Tls = StartTls | ImplicitTls,
    Auth = AuthPlain | AuthLogin,
}

/// <summary>A real program or library that sends mail.</summary>
internal abstract class MailClient
{
    public abstract string Name { get; }

    public abstract Abilities Abilities { get; }

    /// <summary>The name that the client gives in its hello, or null where it cannot be chosen.</summary>
    public virtual string? HelloName => "client.example";

    public virtual string HelloVerb => "EHLO";

    /// <summary>False for a client that takes one recipient only.</summary>
    public virtual bool TakesManyRecipients => true;

    /// <summary>True for a client that sends one content as often as it is told.</summary>
    public virtual bool RepeatsContent => false;

    /// <summary>Returns when the server has accepted everything; fails the test otherwise.</summary>
    public abstract Task SendAsync(Delivery delivery);

    /// <summary>What the server must have stored for this content: DATA cannot carry a last line without its end.</summary>
    public virtual byte[] Expected(byte[] content) => content.AsSpan().EndsWith("\r\n"u8) ? content : [.. content, .. "\r\n"u8];

    /// <summary>Octet for octet, unless the client cannot be kept from writing the message anew.</summary>
    public virtual void Verify(byte[] content, byte[] stored)
    {
        byte[] expected = Expected(content);
        int same = expected.AsSpan().CommonPrefixLength(stored);
        if (same < expected.Length || same < stored.Length)
        {
            string Excerpt(byte[] octets) => Convert.ToHexString(octets.AsSpan(Math.Max(0, same - 8)..Math.Min(octets.Length, same + 24)));
            Assert.Fail($"{Name}: {expected.Length} octets were sent and {stored.Length} stored; they differ from octet {same} on:\n" +
                $"sent   …{Excerpt(expected)}…\nstored …{Excerpt(stored)}…");
        }
    }
}
