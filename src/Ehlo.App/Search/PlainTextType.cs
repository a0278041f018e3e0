using System;
using System.Text;
using Ehlo.App.Mime;
using MimeKit;
using static Ehlo.App.Search.IndexedHeader;

namespace Ehlo.App.Search;

/// <summary>Reads of a Content-Type field whether the message is one plain text. The last field is known, since most say the same.</summary>
internal sealed class PlainTextType
{
    private byte[]? _field;
    private bool _isPlain;
    private string? _charset;
    private bool _isUtf8;

    /// <param name="charset">What the text is to be decoded by; null where none is named.</param>
    /// <param name="isUtf8">Whether octets that are UTF-8 are decoded as such.</param>
    /// <returns>False where the message is something else, or nobody knows what.</returns>
    public bool TryRead(IndexedHeader header, out string? charset, out bool isUtf8)
    {
        if (!header.Has(Field.ContentType))
        {
            (charset, isUtf8) = (null, true);
            return true;
        }
        ReadOnlySpan<byte> field = header[Field.ContentType];
        if (_field is null || !field.SequenceEqual(_field))
        {
            _field = field.ToArray();
            // A text with the name of a file is found by that, too.
            _isPlain = ContentType.TryParse(Encoding.UTF8.GetString(field), out ContentType? type)
                && type.IsMimeType("text", "plain") && type.Name is null;
            _charset = type?.Charset;
            _isUtf8 = OctetText.IsUtf8(_charset);
        }
        (charset, isUtf8) = (_charset, _isUtf8);
        return _isPlain;
    }
}
