using System.Collections.Generic;
using System.Linq;

namespace Ehlo.App.Search;

/// <summary>What somebody wants to find, read and checked.</summary>
internal sealed class SearchQuery
{
    /// <summary>Each costs a look into the index; nobody types more.</summary>
    public const int MaxTerms = 32;

    /// <summary>A line somebody types, with room for a pasted subject.</summary>
    public const int MaxLength = 1000;

    private SearchQuery(string text, IReadOnlyList<SearchTerm> terms) => (Text, Terms) = (text, terms);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>At least one.</summary>
    public IReadOnlyList<SearchTerm> Terms { get; }

    /// <summary>Whether it asks for what only the index knows.</summary>
    public bool NeedsIndex => Terms.Any(term => term is SearchTerm.Text or SearchTerm.Attachment);

    /// <summary>Null for a text of nothing but spaces, which finds everything.</summary>
    /// <exception cref="SearchException">It cannot be read.</exception>
    public static SearchQuery? Parse(string text)
    {
        List<SearchTerm> terms = new SearchParser(text).ReadAll();
        return terms.Count == 0 ? null : new SearchQuery(text, terms);
    }

    public override string ToString() => Text;
}
