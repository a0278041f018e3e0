namespace Ehlo.App.Check;

/// <summary>How strongly the standard asks for it.</summary>
internal enum CheckLevel : byte
{
    Must,
    Should,
}

/// <summary>
/// One rule and the dialogue that shows whether a server keeps it. A step is written <c>what is sent =&gt; the codes allowed</c>; with
/// <c>-&gt;</c> instead it only prepares, and another answer leaves the check undecided. See <see cref="CheckStep"/>.
/// </summary>
/// <param name="Id">Stable: reports and scripts name it.</param>
/// <param name="Group">The first column of the list.</param>
/// <param name="Title">What a server that passes does.</param>
/// <param name="Rule">The citation.</param>
internal sealed record ConformanceCheck(
    string Id, string Group, string Title, string Rule, CheckLevel Level, CheckNeeds Needs, string[] Steps)
{
    /// <summary>The fault to look for in the replies of the steps; none where the codes decide.</summary>
    public ReplyFault Fault { get; init; }
}
