using System;
using System.IO;
using System.Text;

namespace Ehlo.App.Mime;

/// <summary>Octets as text, whatever they are: by their charset where it is known and true, else by what they look like.</summary>
internal static class OctetText
{
    /// <summary>UTF-8 that throws for what is not.</summary>
    public static readonly Encoding Strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Old mail without a charset, or with a wrong one, is most often in it.
    private static readonly Encoding Western;

    static OctetText()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        Western = Encoding.GetEncoding(1252);
    }

    /// <param name="charset">The charset parameter, or null.</param>
    public static string Decode(ReadOnlySpan<byte> octets, string? charset)
    {
        if (octets.StartsWith(Encoding.UTF8.Preamble))
        {
            return Encoding.UTF8.GetString(octets[Encoding.UTF8.Preamble.Length..]);
        }
        if (charset is not null && Find(charset) is { } named)
        {
            return named.GetString(octets);
        }
        try
        {
            return Strict.GetString(octets);
        }
        catch (DecoderFallbackException)
        {
            return Western.GetString(octets);
        }
    }

    /// <summary>Whether octets that are UTF-8 are decoded as such: where no other charset is named that is known and true.</summary>
    public static bool IsUtf8(string? charset) => charset is null || (Find(charset) ?? Encoding.UTF8).CodePage == Encoding.UTF8.CodePage;

    // us-ascii is said of what has octets above 127 too; then it is not what was meant.
    private static Encoding? Find(string charset)
    {
        charset = charset.Trim().Trim('"');
        if (charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase) || charset.Equals("ascii", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
        try
        {
            return Encoding.GetEncoding(charset);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>At most so many octets of the stream.</summary>
    /// <returns>The octets, and whether there were more.</returns>
    public static (byte[] Octets, bool IsCut) ReadSome(Stream stream, int limit)
    {
        var octets = new MemoryStream();
        byte[] buffer = new byte[Math.Min(limit + 1, 64 * 1024)];
        int count;
        while (octets.Length <= limit && (count = stream.Read(buffer)) > 0)
        {
            octets.Write(buffer, 0, count);
        }
        bool isCut = octets.Length > limit;
        octets.SetLength(Math.Min(octets.Length, limit));
        return (octets.ToArray(), isCut);
    }
}
