using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Text;
using Ehlo.Sasl;

namespace Ehlo.App.Users;

/// <summary>What a user may be called, so that the name fits into a line of the users file and into every mechanism.</summary>
internal static class UserName
{
    public const string Rule =
        "must be 1 to 255 octets, without ':' and control characters, and must not begin with '#' or a blank, nor end with one";

    // As many octets as PLAIN allows (RFC 4616 section 2).
    private const int MaxOctets = 255;

    /// <param name="text">The name as given.</param>
    /// <param name="name">The name in the form that it is looked up by.</param>
    public static bool TryPrepare(string text, [NotNullWhen(true)] out string? name) =>
        ScramCredential.TryPrepare(text, out name)
        && Encoding.UTF8.GetByteCount(name) <= MaxOctets
        && !name.Contains(':') && name[0] is not ('#' or ' ') && name[^1] != ' ' && !name.Any(char.IsControl);
}
