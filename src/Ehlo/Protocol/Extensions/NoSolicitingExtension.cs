using System;
using System.Collections.Generic;
using System.Linq;

namespace Ehlo.Protocol;

/// <summary>
/// NO-SOLICITING (RFC 3865). EHLO parameter: the kinds of mail that the server does not want, by name; nothing for none in particular. MAIL
/// parameter SOLICIT=names: what kinds the message is of, which a class may refuse with 550 5.7.1.
/// </summary>
public sealed class NoSolicitingExtension : Extension
{
    private readonly string? _unwanted;

    /// <summary>Makes it.</summary>
    /// <param name="unwanted">Solicitation class keywords, as <c>org.example:ADV:ADLT</c>.</param>
    /// <exception cref="ArgumentException">One is not such a keyword, or together they have more than 1,000 characters.</exception>
    public NoSolicitingExtension(params IReadOnlyList<string> unwanted)
    {
        ArgumentNullException.ThrowIfNull(unwanted);
        _unwanted = unwanted.Count == 0 ? null : string.Join(',', unwanted);
        if (!unwanted.All(IsKeyword) || _unwanted?.Length > MaxCharacters)
            throw new ArgumentException("Not a list of solicitation class keywords.", nameof(unwanted));
    }

    // RFC 3865 section 2.3
    private const int MaxCharacters = 1000;

    /// <inheritdoc/>
    public override string Keyword => "NO-SOLICITING";

    /// <inheritdoc/>
    public override string? EhloParameter(OfferFacts facts) => _unwanted;

    /// <inheritdoc/>
    public override bool TryReadMail(EsmtpParameter parameter, MailParameters mail, ExtensionSet inForce, out Reply? refusal)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(mail);
        refusal = null;
        if (parameter.Keyword != "SOLICIT") return false;
        string[] names = (parameter.Value ?? "").Split(',');
        if (parameter.Value?.Length <= MaxCharacters && names.All(IsKeyword)) mail.Solicitations = names;
        else refusal = Malformed(parameter);
        return true;
    }

    // Solicitation-keywords = word *("," word); word = ALPHA *(wordchar); wordchar = ("." / "-" / "_" / ":" / ALPHA / DIGIT)
    private static bool IsKeyword(string word) =>
        word.Length > 0 && char.IsAsciiLetter(word[0]) && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or ':');
}
