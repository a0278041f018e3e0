// query    = *SP [term *(1*SP term)] *SP
// term     = ["-" / "!"] (operator ":" value / value)
// value    = quoted / word
// quoted   = DQUOTE *(any but DQUOTE and control characters) DQUOTE
// word     = 1*(any but SP, DQUOTE and control characters)
// operator = one of the names below, in any case
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Ehlo.App.Inbox;

namespace Ehlo.App.Search;

/// <summary>Reads what somebody typed.</summary>
internal ref struct SearchParser(string text)
{
    private static readonly Dictionary<string, SearchField> Fields = new(StringComparer.OrdinalIgnoreCase)
    {
        ["from"] = SearchField.From,
        ["to"] = SearchField.To,
        ["cc"] = SearchField.Cc,
        ["bcc"] = SearchField.Bcc,
        ["reply-to"] = SearchField.ReplyTo,
        ["addressed"] = SearchField.Addressed,
        ["subject"] = SearchField.Subject,
        ["message-id"] = SearchField.MessageId,
    };

    private static readonly string[] Others = ["tag", "mailbox", "is", "has", "before", "after", "larger", "smaller"];

    private static readonly string[] Times =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK"];

    private int _position;

    /// <summary>The names that may stand before a colon.</summary>
    public static IEnumerable<string> Operators => Fields.Keys.Concat(Others);

    public List<SearchTerm> ReadAll()
    {
        if (text.Length > SearchQuery.MaxLength)
        {
            throw new SearchException($"A search has at most {SearchQuery.MaxLength} characters", SearchQuery.MaxLength, 1);
        }
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]))
            {
                throw new SearchException($"The character U+{(int)text[i]:X4} cannot be searched for", i, 1);
            }
        }
        var terms = new List<SearchTerm>();
        while (SkipSpaces())
        {
            int start = _position;
            terms.Add(ReadTerm());
            if (terms.Count > SearchQuery.MaxTerms)
            {
                throw new SearchException($"A search has at most {SearchQuery.MaxTerms} terms", start, _position - start);
            }
        }
        return terms;
    }

    private bool SkipSpaces()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position]))
        {
            _position++;
        }
        return _position < text.Length;
    }

    private SearchTerm ReadTerm()
    {
        int start = _position;
        bool isNegated = text[start] is '-' or '!';
        if (isNegated && (++_position == text.Length || char.IsWhiteSpace(text[_position])))
        {
            throw new SearchException($"\"{text[start]}\" must stand right before what it excludes", start, 1);
        }
        start = _position;
        if (ReadOperator() is not { } name)
        {
            string words = ReadValue(out bool isQuoted);
            return Words(SearchField.Any, words, isQuoted, isNegated, start);
        }
        int valueStart = _position;
        string value = _position < text.Length ? ReadValue(out bool quoted) : Nothing(out quoted);
        if (value.Trim().Length == 0)
        {
            throw new SearchException($"\"{name}:\" must be followed by a value, without a space", start, _position - start);
        }
        return Fields.TryGetValue(name, out SearchField field)
            ? Words(field, value, quoted, isNegated, valueStart)
            : Other(name.ToLowerInvariant(), value, isNegated, valueStart);
    }

    private static string Nothing(out bool isQuoted)
    {
        isQuoted = false;
        return "";
    }

    /// <summary>The name and its colon; null, and nothing is read, where none stands here.</summary>
    private string? ReadOperator()
    {
        int colon = _position;
        while (colon < text.Length && (char.IsAsciiLetter(text[colon]) || text[colon] == '-'))
        {
            colon++;
        }
        if (colon == _position || colon == text.Length || text[colon] != ':')
        {
            return null;
        }
        string name = text[_position..colon];
        if (!Operators.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            // "Re: hello" and "https://example.org" are what people paste; "form:me" is a slip that must not go unnoticed.
            ReadOnlySpan<char> rest = text.AsSpan(colon + 1);
            if (rest.IsEmpty || char.IsWhiteSpace(rest[0]) || rest.StartsWith("//"))
            {
                return null;
            }
            throw new SearchException(
                $"There is no operator \"{name}:\"; there are {string.Join(", ", Operators.Select(each => each + ":"))}. In quotes it is text",
                _position,
                name.Length + 1);
        }
        _position = colon + 1;
        return name;
    }

    private string ReadValue(out bool isQuoted)
    {
        int start = _position;
        isQuoted = text[_position] == '"';
        if (isQuoted)
        {
            int end = text.IndexOf('"', start + 1);
            if (end < 0)
            {
                throw new SearchException("The quotes that begin here have no end", start, text.Length - start);
            }
            _position = end + 1;
            return text[(start + 1)..end];
        }
        while (_position < text.Length && !char.IsWhiteSpace(text[_position]))
        {
            if (text[_position] == '"')
            {
                throw new SearchException("Quotes must stand at the beginning of a word or after the colon", _position, 1);
            }
            _position++;
        }
        return text[start.._position];
    }

    private readonly SearchTerm.Text Words(SearchField field, string words, bool isQuoted, bool isNegated, int start) =>
        SearchWords.HasAny(words)
            ? new SearchTerm.Text(field, words, !isQuoted, isNegated)
            : throw new SearchException("There is no letter and no digit here to search for", start, Math.Max(1, _position - start));

    private readonly SearchTerm Other(string name, string value, bool isNegated, int start) => (name, value.ToLowerInvariant()) switch
    {
        ("tag", _) => new SearchTerm.Tag(value, isNegated),
        ("mailbox", _) => new SearchTerm.Mailbox(value, isNegated),
        ("is", "unread") => new SearchTerm.Unread(isNegated),
        ("is", "read") => new SearchTerm.Unread(!isNegated),
        ("is", "tagged") => new SearchTerm.Tagged(isNegated),
        ("is", _) => throw Wrong("\"is:\" must be followed by unread, read or tagged", start),
        ("has", "attachment" or "attachments") => new SearchTerm.Attachment(isNegated),
        ("has", _) => throw Wrong("\"has:\" must be followed by attachment", start),
        ("before", _) => new SearchTerm.Before(Time(value, name, start), isNegated),
        ("after", _) => new SearchTerm.Since(Time(value, name, start), isNegated),
        ("larger", _) => new SearchTerm.Larger(Octets(value, name, start), isNegated),
        _ => new SearchTerm.Smaller(Octets(value, name, start), isNegated),
    };

    private readonly DateTimeOffset Time(string value, string name, int start) =>
        DateTimeOffset.TryParseExact(
            value.ToUpperInvariant(), Times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : throw Wrong($"\"{name}:\" must be followed by a day or a time in UTC, as 2026-03-31 or 2026-03-31T14:30", start);

    // 100, 20k, 1.5M: k, M and G of 1024, with or without a B.
    private readonly long Octets(string value, string name, int start)
    {
        string number = value.ToUpperInvariant();
        number = number.EndsWith('B') ? number[..^1] : number;
        long unit = number.Length == 0 ? 0 : number[^1] switch { 'K' => 1L << 10, 'M' => 1L << 20, 'G' => 1L << 30, _ => 1 };
        number = unit > 1 ? number[..^1] : number;
        // Nine digits of gigabytes are far from where a long ends.
        return number.Length is > 0 and <= 9
            && decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal count)
            ? (long)(count * unit)
            : throw Wrong($"\"{name}:\" must be followed by a size in octets, as 5000, 20k or 1.5M", start);
    }

    private readonly SearchException Wrong(string message, int start) => new(message, start, Math.Max(1, _position - start));
}
