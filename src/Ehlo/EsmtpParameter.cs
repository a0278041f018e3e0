namespace Ehlo;

/// <summary>A parameter of MAIL or RCPT (RFC 5321 section 4.1.2).</summary>
/// <param name="Keyword">In upper case.</param>
/// <param name="Value">As it came, or null where there was no equals sign.</param>
public sealed record EsmtpParameter(string Keyword, string? Value);
