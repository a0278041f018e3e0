using System;
using System.Collections.Generic;

namespace Ehlo;

/// <summary>The parameters of a MAIL command: those of known extensions typed, and all as they came.</summary>
public sealed class MailParameters
{
    private Dictionary<Type, object>? _values;

    internal MailParameters(IReadOnlyList<EsmtpParameter> all) => All = all;

    /// <summary>MAIL without parameters.</summary>
    internal static MailParameters Empty { get; } = new([]);

    /// <summary>SIZE: the octets that the client declared, or null (RFC 1870 section 6).</summary>
    public long? Size { get; internal set; }

    /// <summary>BODY.</summary>
    public BodyType Body { get; internal set; }

    /// <summary>SMTPUTF8: envelope and header may hold UTF-8 (RFC 6531 section 3.4).</summary>
    public bool SmtpUtf8 { get; internal set; }

    /// <summary>AUTH: who first submitted the message, as decoded text; "" for <c>&lt;&gt;</c>, null where not given (RFC 4954 section 5).</summary>
    public string? Submitter { get; internal set; }

    /// <summary>RET: how much of the message a report returns; null where not given (RFC 3461 section 4.3).</summary>
    public DsnReturn? Return { get; internal set; }

    /// <summary>ENVID: the sender's name for the transaction, decoded: printable ASCII; null where not given (RFC 3461 section 4.4).</summary>
    public string? EnvelopeId { get; internal set; }

    /// <summary>REQUIRETLS: the message may go on over TLS only (RFC 8689 section 2).</summary>
    public bool RequireTls { get; internal set; }

    /// <summary>BY, or null (RFC 2852 section 4).</summary>
    public DeliverBy? DeliverBy { get; internal set; }

    /// <summary>MT-PRIORITY: -9 to 9, or null (RFC 6710 section 4).</summary>
    public int? MtPriority { get; internal set; }

    /// <summary>HOLDFOR or HOLDUNTIL: the message is to be held until then; null where not asked for (RFC 4865 section 4).</summary>
    public DateTimeOffset? HoldUntil { get; internal set; }

    /// <summary>SOLICIT: the kinds of mail that the message says it is of (RFC 3865 section 2.3).</summary>
    public IReadOnlyList<string> Solicitations { get; internal set; } = [];

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
