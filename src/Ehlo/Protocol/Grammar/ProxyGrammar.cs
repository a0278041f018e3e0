using System;
using System.Buffers.Text;
using System.Net;
using System.Text;

namespace Ehlo.Protocol;

/// <summary>The line of the PROXY protocol, version 1.</summary>
internal static class ProxyGrammar
{
    // line = "PROXY" SP ( "UNKNOWN" *CHAR / ( "TCP4" / "TCP6" ) SP source SP destination SP source-port SP destination-port )
    /// <summary>Null where it is malformed.</summary>
    public static ProxyHeader? ParseLine(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> rest = line["PROXY ".Length..];
        // What follows is to be passed over.
        if (rest.SequenceEqual("UNKNOWN"u8) || rest.StartsWith("UNKNOWN "u8)) return new() { Version = 1 };
        bool isSix = rest.StartsWith("TCP6 "u8);
        if (!isSix && !rest.StartsWith("TCP4 "u8)) return null;
        rest = rest["TCP4 ".Length..];
        return TakeAddress(ref rest, isSix) is { } source && TakeAddress(ref rest, isSix) is { } destination
            && TakePort(ref rest) is { } sourcePort && TakePort(ref rest) is { } destinationPort && rest.IsEmpty
            ? new() { Version = 1, Source = new(source, sourcePort), Destination = new(destination, destinationPort) }
            : null;
    }

    private static ReadOnlySpan<byte> TakeWord(ref ReadOnlySpan<byte> rest)
    {
        int blank = rest.IndexOf((byte)' ');
        ReadOnlySpan<byte> word = blank < 0 ? rest : rest[..blank];
        rest = blank < 0 ? default : rest[(blank + 1)..];
        // A blank behind the last word is one too many, and must not vanish.
        if (blank >= 0 && rest.IsEmpty) return default;
        return word;
    }

    // In the usual form alone: the platform also takes 127.1, octal numbers, scopes and brackets, of which each could be a disguise.
    private static IPAddress? TakeAddress(ref ReadOnlySpan<byte> rest, bool isSix)
    {
        ReadOnlySpan<byte> word = TakeWord(ref rest);
        if (word.IsEmpty || word.IndexOfAnyExcept(isSix ? "0123456789abcdefABCDEF:."u8 : "0123456789."u8) >= 0) return null;
        string text = Encoding.Latin1.GetString(word);
        if (!IPAddress.TryParse(text, out IPAddress? address)) return null;
        if (isSix) return address.GetAddressBytes().Length == 16 ? address : null;
        return address.GetAddressBytes().Length == 4 && address.ToString() == text ? address : null;
    }

    private static int? TakePort(ref ReadOnlySpan<byte> rest)
    {
        ReadOnlySpan<byte> word = TakeWord(ref rest);
        if (word.Length is 0 or > 5 || (word[0] == '0' && word.Length > 1) || word.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0) return null;
        return Utf8Parser.TryParse(word, out ushort port, out int used) && used == word.Length ? port : null;
    }
}
