using System;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ehlo.App.MessageChecks.Spf;

/// <summary>Macros of RFC 7208 section 7: what stands in a domain-spec for facts of the message.</summary>
internal static class SpfMacro
{
    // domain-spec = macro-string domain-end
    public static bool IsDomainSpec(string text)
    {
        if (text.Length == 0 || !IsMacroString(text))
        {
            return false;
        }
        if (text.EndsWith('}'))
        {
            return true;
        }
        // domain-end = ( "." toplabel [ "." ] ), where toplabel is not a number.
        string label = text.TrimEnd('.').Split('.')[^1];
        return text.Contains('.', StringComparison.Ordinal) && label.Length > 0 && !label.All(char.IsAsciiDigit)
            && label.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-') && label[0] != '-' && label[^1] != '-';
    }

    public static bool IsMacroString(string text)
    {
        int at = 0;
        while (at < text.Length)
        {
            if (text[at] is < '!' or > '~')
            {
                return false;
            }
            if (text[at] != '%')
            {
                at++;
                continue;
            }
            if (at + 1 >= text.Length)
            {
                return false;
            }
            if (text[at + 1] is '%' or '_' or '-')
            {
                at += 2;
                continue;
            }
            int end = text.IndexOf('}', at);
            if (text[at + 1] != '{' || end < 0 || !TryParse(text.AsSpan(at + 2, end - at - 2), out _))
            {
                return false;
            }
            at = end + 1;
        }
        return true;
    }

    /// <summary>The text with its macros replaced. RFC 7208 section 7.3: cut from the left to 253 characters, at a dot.</summary>
    /// <param name="text">What <see cref="IsMacroString"/> knows as good.</param>
    public static string Expand(string text, SpfQuestion question, string domain)
    {
        var expanded = new StringBuilder();
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] != '%')
            {
                expanded.Append(text[at]);
                continue;
            }
            at++;
            switch (text[at])
            {
                case '%':
                    expanded.Append('%');
                    break;
                case '_':
                    expanded.Append(' ');
                    break;
                case '-':
                    expanded.Append("%20");
                    break;
                default:
                    int end = text.IndexOf('}', at);
                    if (TryParse(text.AsSpan(at + 1, end - at - 1), out Macro macro))
                    {
                        expanded.Append(Transform(ValueOf(macro.Letter, question, domain), macro));
                    }
                    at = end;
                    break;
            }
        }
        string name = expanded.ToString();
        while (name.Length > 253 && name.IndexOf('.', StringComparison.Ordinal) is >= 0 and int dot)
        {
            name = name[(dot + 1)..];
        }
        return name.TrimEnd('.');
    }

    // macro-expand = "%{" macro-letter transformers *delimiter "}", where the letters c, r and t are for exp only.
    private static bool TryParse(ReadOnlySpan<char> text, out Macro macro)
    {
        macro = default;
        if (text.IsEmpty || !"sloditphv".Contains(char.ToLowerInvariant(text[0])) || char.ToLowerInvariant(text[0]) == 't')
        {
            return false;
        }
        char letter = text[0];
        text = text[1..];
        int digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }
        int keep = 0;
        if (digits > 0 && (!int.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out keep) || keep == 0))
        {
            return false;
        }
        text = text[digits..];
        bool isReversed = text.Length > 0 && text[0] is 'r' or 'R';
        text = isReversed ? text[1..] : text;
        foreach (char delimiter in text)
        {
            if (!".-+,/_=".Contains(delimiter))
            {
                return false;
            }
        }
        macro = new Macro(letter, keep, isReversed, text.IsEmpty ? "." : text.ToString());
        return true;
    }

    private static string ValueOf(char letter, SpfQuestion question, string domain) => char.ToLowerInvariant(letter) switch
    {
        's' => question.Sender,
        'l' => question.Sender[..question.Sender.LastIndexOf('@')],
        'o' => question.Sender[(question.Sender.LastIndexOf('@') + 1)..],
        'd' => domain,
        'i' => Dotted(question.Address),
        // RFC 7208 section 7.3: what p would say takes lookups, and it is not to be used.
        'p' => "unknown",
        'h' => question.Hello,
        _ => question.Address.AddressFamily == AddressFamily.InterNetwork ? "in-addr" : "ip6",
    };

    private static string Dotted(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork
        ? address.ToString()
        : string.Join('.', Convert.ToHexStringLower(address.GetAddressBytes()).ToCharArray());

    private static string Transform(string value, Macro macro)
    {
        string[] parts = value.Split(macro.Delimiters.ToCharArray());
        if (macro.IsReversed)
        {
            Array.Reverse(parts);
        }
        value = string.Join('.', macro.Keep > 0 ? parts[Math.Max(0, parts.Length - macro.Keep)..] : parts);
        // A letter in upper case asks for the escapes of a URL.
        return char.IsUpper(macro.Letter) ? Uri.EscapeDataString(value) : value;
    }

    private readonly record struct Macro(char Letter, int Keep, bool IsReversed, string Delimiters);
}
