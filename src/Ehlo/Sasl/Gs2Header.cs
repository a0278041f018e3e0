using System;
using System.Text;

namespace Ehlo.Sasl;

/// <summary>What SCRAM and OAUTHBEARER messages begin with (RFC 5801 section 4).</summary>
/// <param name="Flag">
/// 'n': the client knows no channel binding; 'y': it does, but thinks the server does not; 'p': it uses <paramref name="BindingType"/>.
/// </param>
/// <param name="BindingType">The channel binding's name, or null.</param>
/// <param name="AuthorizationIdentity">Whom the client wants to act as, or null.</param>
internal readonly record struct Gs2Header(char Flag, string? BindingType, string? AuthorizationIdentity)
{
    // gs2-header = gs2-cbind-flag "," [ authzid ] ","; gs2-cbind-flag = ("p=" cb-name) / "n" / "y"; authzid = "a=" saslname
    // (RFC 5802 section 7)

    /// <summary>Reads a header that is the whole of the octets, valid UTF-8.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out Gs2Header header)
    {
        header = default;
        int first = octets.IndexOf((byte)',');
        if (first <= 0 || octets[^1] != ',' || octets.Length - 1 == first) return false;
        ReadOnlySpan<byte> flag = octets[..first];
        string? type = null;
        if (flag.StartsWith("p="u8))
        {
            type = Encoding.UTF8.GetString(flag[2..]);
            if (type.Length == 0) return false;
        }
        else if (!flag.SequenceEqual("n"u8) && !flag.SequenceEqual("y"u8))
        {
            return false;
        }
        string? authorizationIdentity = null;
        ReadOnlySpan<byte> identity = octets[(first + 1)..^1];
        if (!identity.IsEmpty && (!identity.StartsWith("a="u8) || !TryUnescape(identity[2..], out authorizationIdentity))) return false;
        header = new((char)flag[0], type, authorizationIdentity);
        return true;
    }

    /// <summary>The header as it is sent.</summary>
    public override string ToString()
    {
        string flag = Flag == 'p' ? $"p={BindingType}" : Flag.ToString();
        return AuthorizationIdentity is null ? $"{flag},," : $"{flag},a={Escape(AuthorizationIdentity)},";
    }

    public static string Escape(string name) =>
        name.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal);

    // saslname = 1*(value-safe-char / "=2C" / "=3D"): a comma and an equals sign are written so, and nothing else is.
    public static bool TryUnescape(ReadOnlySpan<byte> octets, out string? name)
    {
        name = null;
        if (!Names.IsName(octets) || octets.Contains((byte)',')) return false;
        string text = Encoding.UTF8.GetString(octets);
        StringBuilder unescaped = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '=')
            {
                unescaped.Append(text[i]);
                continue;
            }
            ReadOnlySpan<char> rest = text.AsSpan(i + 1);
            if (rest.StartsWith("2C", StringComparison.Ordinal)) unescaped.Append(',');
            else if (rest.StartsWith("3D", StringComparison.Ordinal)) unescaped.Append('=');
            else return false;
            i += 2;
        }
        name = unescaped.ToString();
        return true;
    }
}
