namespace Ehlo.Protocol;

/// <summary>What is known of content before it is sent.</summary>
/// <param name="Octets">Its length as it will be sent, without transparency, or null.</param>
/// <param name="Body">BODY as it is to be declared; never <see cref="BodyType.Unspecified"/>.</param>
/// <param name="IsEightBitCertain">Whether 8BITMIME is declared because octets over 127 were seen, not because they may come.</param>
/// <param name="RequiresSmtpUtf8">Whether its header holds UTF-8.</param>
/// <param name="IsPlain">Whether all of it was seen, and no line begins with a dot: DATA sends it as it is (RFC 5321 section 4.5.2).</param>
internal readonly record struct ContentTraits(
    long? Octets, BodyType Body, bool IsEightBitCertain, bool RequiresSmtpUtf8, bool IsPlain = false);
