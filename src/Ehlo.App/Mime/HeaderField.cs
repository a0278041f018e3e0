namespace Ehlo.App.Mime;

/// <summary>A header field as it stands in a part.</summary>
/// <param name="Name">Without the colon.</param>
/// <param name="Value">Unfolded, with its encoded words decoded (RFC 2047).</param>
/// <param name="Raw">The octets after the colon, folding included, UTF-8 or else Latin-1; without the last line end.</param>
internal sealed record HeaderField(string Name, string Value, string Raw);
