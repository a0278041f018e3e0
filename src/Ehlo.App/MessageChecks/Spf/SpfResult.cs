namespace Ehlo.App.MessageChecks.Spf;

/// <summary>RFC 7208 section 2.6.</summary>
internal enum SpfResult : byte
{
    None,
    Neutral,
    Pass,
    Fail,
    SoftFail,
    TempError,
    PermError,
}

/// <param name="Domain">Whose record was evaluated.</param>
/// <param name="Because">The directive that matched, or what is wrong; with the record's domain where that is another one.</param>
internal sealed record SpfVerdict(SpfResult Result, string Domain, string Because);
