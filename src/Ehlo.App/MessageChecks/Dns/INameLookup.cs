using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Ehlo.App.MessageChecks.Dns;

/// <summary>What the checks ask of DNS. Tests answer from a zone of their own.</summary>
internal interface INameLookup
{
    /// <summary>Never throws but for the token: what went wrong is in the answer.</summary>
    ValueTask<NameAnswer> AskAsync(string name, NameRecord record, CancellationToken cancellationToken);
}

internal enum NameRecord : byte
{
    A,
    Aaaa,
    Mx,
    Ptr,
    Txt,
}

internal enum NameStatus : byte
{
    /// <summary>There are records.</summary>
    Found,

    /// <summary>The name exists without such records, or does not exist.</summary>
    Nothing,

    /// <summary>No answer, or one that says that the server failed; another time it may be different.</summary>
    Failed,
}

/// <param name="Values">Addresses; host names without the last dot, those of MX by preference; texts with their strings joined.</param>
internal readonly record struct NameAnswer(NameStatus Status, IReadOnlyList<string> Values)
{
    public static readonly NameAnswer Nothing = new(NameStatus.Nothing, []);

    public static readonly NameAnswer Failed = new(NameStatus.Failed, []);

    public static NameAnswer Of(IReadOnlyList<string> values) => values.Count == 0 ? Nothing : new NameAnswer(NameStatus.Found, values);
}
