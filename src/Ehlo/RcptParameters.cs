using System;
using System.Collections.Generic;

namespace Ehlo;

/// <summary>The parameters of a RCPT command.</summary>
public sealed class RcptParameters
{
    private Dictionary<Type, object>? _values;

    internal RcptParameters(IReadOnlyList<EsmtpParameter> all) => All = all;

    /// <summary>RCPT without parameters.</summary>
    internal static RcptParameters Empty { get; } = new([]);

    /// <summary>NOTIFY: when a report is wanted; null where not given (RFC 3461 section 4.1).</summary>
    public Notify? Notify { get; internal set; }

    /// <summary>ORCPT, or null (RFC 3461 section 4.2).</summary>
    public OriginalRecipient? OriginalRecipient { get; internal set; }

    /// <summary>RRVS, or null (RFC 7293 section 3.2).</summary>
    public OwnedSince? OwnedSince { get; internal set; }

    /// <summary>Every parameter, in the order given.</summary>
    public IReadOnlyList<EsmtpParameter> All { get; }

    /// <summary>The value that an extension of one's own has kept, or null.</summary>
    /// <typeparam name="T">The type of the value, of which there is one.</typeparam>
    public T? Get<T>()
        where T : class => _values?.GetValueOrDefault(typeof(T)) as T;

    /// <summary>Keeps the value of an extension's parameter, for <see cref="Get{T}"/>.</summary>
    /// <typeparam name="T">A type of the extension's own, so that no two extensions' values meet.</typeparam>
    /// <param name="value">Replaces one of the same type.</param>
    /// <exception cref="InvalidOperationException">The command has no parameters, so this is the value of none.</exception>
    public void Set<T>(T value)
        where T : class
    {
        if (All.Count == 0) throw new InvalidOperationException("A command without parameters has no values.");
        (_values ??= [])[typeof(T)] = value;
    }
}
