using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CsCheck;
using Ehlo.App.Search;
using Xunit;

namespace Ehlo.App.Tests.Search;

/// <summary>What somebody typed, read into terms or refused with the place.</summary>
public sealed class SearchParserTests
{
    private static readonly DateTimeOffset Day = new(2026, 3, 31, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_operator_is_read()
    {
        Assert.Equal(
            [
                new SearchTerm.Text(SearchField.Any, "hello", true, false),
                new SearchTerm.Text(SearchField.Any, "two words", false, true),
                new SearchTerm.Text(SearchField.From, "ann@example.org", true, false),
                new SearchTerm.Text(SearchField.To, "bob", true, true),
                new SearchTerm.Text(SearchField.Cc, "c", true, false),
                new SearchTerm.Text(SearchField.Bcc, "d", true, false),
                new SearchTerm.Text(SearchField.ReplyTo, "e", true, false),
                new SearchTerm.Text(SearchField.Addressed, "f", true, false),
                new SearchTerm.Text(SearchField.Subject, "Your order", false, false),
                new SearchTerm.Text(SearchField.MessageId, "<1@x>", true, false),
            ],
            Read("hello !\"two words\" from:ann@example.org -to:bob CC:c bcc:d reply-to:e addressed:f subject:\"Your order\" message-id:<1@x>"));
        Assert.Equal(
            [
                new SearchTerm.Tag("build 17", false), new SearchTerm.Tag("x", true), new SearchTerm.Mailbox("run-1", false),
                new SearchTerm.Unread(false), new SearchTerm.Unread(true), new SearchTerm.Unread(true), new SearchTerm.Tagged(false),
                new SearchTerm.Attachment(true), new SearchTerm.Before(Day, false),
                new SearchTerm.Since(Day.AddHours(14).AddMinutes(30), false), new SearchTerm.Larger(1_572_864, false),
                new SearchTerm.Smaller(5000, false), new SearchTerm.Larger(20 * 1024, true),
            ],
            Read("tag:\"build 17\" -tag:x mailbox:run-1 is:unread is:READ -is:unread is:tagged -has:attachment before:2026-03-31 "
                + "after:2026-03-31T14:30 larger:1.5M smaller:5000 !larger:20kb"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public void Nothing_but_spaces_finds_everything(string text) => Assert.Null(SearchQuery.Parse(text));

    /// <summary>People paste subjects and addresses of pages, which are not meant as operators.</summary>
    [Theory]
    [InlineData("Re: hello", "Re:", "hello")]
    [InlineData("https://example.org/x", "https://example.org/x")]
    [InlineData("12:30", "12:30")]
    [InlineData("\"form:me\"", "form:me")]
    [InlineData("a-b!c", "a-b!c")]
    public void What_is_no_operator_is_text(string text, params string[] words) =>
        Assert.Equal(words, Read(text).Cast<SearchTerm.Text>().Select(term => term.Words));

    [Theory]
    [InlineData("x form:me", 2, 5, "There is no operator \"form:\"; there are from:, to:")]
    [InlineData("x from:", 2, 5, "\"from:\" must be followed by a value, without a space")]
    [InlineData("from: ann", 0, 5, "\"from:\" must be followed by a value, without a space")]
    [InlineData("subject:\"  \"", 0, 12, "\"subject:\" must be followed by a value")]
    [InlineData("x - y", 2, 1, "\"-\" must stand right before what it excludes")]
    [InlineData("!", 0, 1, "\"!\" must stand right before what it excludes")]
    [InlineData("a \"b c", 2, 4, "The quotes that begin here have no end")]
    [InlineData("a\"b\"", 1, 1, "Quotes must stand at the beginning of a word or after the colon")]
    [InlineData("a @@@", 2, 3, "There is no letter and no digit here")]
    [InlineData("is:new", 3, 3, "\"is:\" must be followed by unread, read or tagged")]
    [InlineData("has:picture", 4, 7, "\"has:\" must be followed by attachment")]
    [InlineData("before:tomorrow", 7, 8, "\"before:\" must be followed by a day or a time in UTC, as 2026-03-31")]
    [InlineData("after:2026-02-30", 6, 10, "\"after:\" must be followed by a day")]
    [InlineData("larger:-5", 7, 2, "\"larger:\" must be followed by a size in octets, as 5000, 20k or 1.5M")]
    [InlineData("smaller:k", 8, 1, "\"smaller:\" must be followed by a size")]
    [InlineData("smaller:9999999999G", 8, 11, "\"smaller:\" must be followed by a size")]
    [InlineData("a\0b", 1, 1, "The character U+0000 cannot be searched for")]
    public void A_malformed_search_is_refused_with_its_place(string text, int position, int length, string message)
    {
        var exception = Assert.Throws<SearchException>(() => SearchQuery.Parse(text));
        Assert.StartsWith(message, exception.Message, StringComparison.Ordinal);
        Assert.Equal((position, length), (exception.Position, exception.Length));
    }

    [Fact]
    public void A_search_has_limits()
    {
        Assert.Equal(SearchQuery.MaxTerms, Read(string.Join(' ', Enumerable.Repeat("x", SearchQuery.MaxTerms))).Count);
        Assert.Throws<SearchException>(() => Read(string.Join(' ', Enumerable.Repeat("x", SearchQuery.MaxTerms + 1))));
        Assert.Throws<SearchException>(() => Read(new string('x', SearchQuery.MaxLength + 1)));
    }

    /// <summary>Any text is read, or refused with a place that is in it; nothing else ever happens.</summary>
    [Fact]
    public void Any_text_is_read_or_refused_with_its_place() => Gen.OneOf(
            Gen.String[Gen.Char, 0, 40],
            Gen.OneOf<string>(
                    "from:", "is:", "-", "!", "\"", " ", "a", "x y", "unread", "larger:", "5k", ":", "\\", "'", "*", "(", ")",
                    "before:", "2026-01-01")
                .Array[0, 10].Select(string.Concat))
        .Sample(text =>
        {
            try
            {
                Assert.InRange(SearchQuery.Parse(text)?.Terms.Count ?? 0, 0, SearchQuery.MaxTerms);
            }
            catch (SearchException exception)
            {
                Assert.InRange(exception.Position, 0, text.Length);
                Assert.InRange(exception.Length, 1, text.Length - exception.Position + 1);
                Assert.NotEmpty(exception.Message);
            }
        });

    /// <summary>What is written as the grammar says comes back as it was meant.</summary>
    [Fact]
    public void Reading_what_was_written_gives_the_same_terms()
    {
        Gen<string> word = Gen.Char["abcdeäßж019.@+_'()*%;\\"].Array[1, 8].Select(letters => "w" + new string(letters));
        Gen<string> phrase = word.Array[1, 3].Select(words => string.Join(' ', words));
        Gen<SearchTerm> text = Gen.Select(Gen.Enum<SearchField>(), phrase, Gen.Bool, (field, words, isNegated) =>
            (SearchTerm)new SearchTerm.Text(field, words, !words.Contains(' ', StringComparison.Ordinal), isNegated));
        Gen<SearchTerm> larger = Gen.Select(
            Gen.Long[0, 999_999_999], Gen.Bool, (octets, isNegated) => (SearchTerm)new SearchTerm.Larger(octets, isNegated));
        Gen<SearchTerm> tag = Gen.Select(phrase, Gen.Bool, (name, isNegated) => (SearchTerm)new SearchTerm.Tag(name, isNegated));
        Gen.OneOf(text, larger, tag).List[1, 8].Sample(terms =>
            Assert.Equal(terms, Read(string.Join("  ", terms.Select(Write)))));
    }

    private static string Write(SearchTerm term) => (term.IsNegated ? "-" : "") + term switch
    {
        SearchTerm.Text text => text.Field is SearchField.Any ? Quote(text.Words) : $"{NameOf(text.Field)}:{Quote(text.Words)}",
        SearchTerm.Tag tag => $"tag:{Quote(tag.Name)}",
        SearchTerm.Larger larger => string.Create(CultureInfo.InvariantCulture, $"larger:{larger.Octets}"),
        _ => throw new NotSupportedException(),
    };

    private static string Quote(string words) => words.Contains(' ', StringComparison.Ordinal) ? $"\"{words}\"" : words;

    private static string NameOf(SearchField field) => field switch
    {
        SearchField.ReplyTo => "reply-to",
        SearchField.MessageId => "message-id",
        _ => field.ToString(),
    };

    private static IReadOnlyList<SearchTerm> Read(string text) => SearchQuery.Parse(text)!.Terms;
}
