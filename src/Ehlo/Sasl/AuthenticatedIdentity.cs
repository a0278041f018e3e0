using System;

namespace Ehlo.Sasl;

/// <summary>Who a client has proved to be.</summary>
public sealed class AuthenticatedIdentity
{
    /// <summary>Makes an identity.</summary>
    /// <param name="name">The identity that mail is accepted for: the authorization identity where the client asked for one and may
    /// have it, else the authentication identity (RFC 4422 section 2).</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public AuthenticatedIdentity(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
    }

    /// <summary>The identity's name. Not empty.</summary>
    public string Name { get; }

    /// <summary>Whatever the session class wants to find again, a principal for instance; null unless set.</summary>
    public object? Tag { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
