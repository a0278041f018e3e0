using System;

namespace Ehlo;

/// <summary>Since when a mailbox must have had the same owner (RFC 7293 section 3.2).</summary>
/// <param name="Since">The time.</param>
/// <param name="IsRejecting">
/// R: a server behind this one that does not know the extension must not get the message. C: it may, since the header says the same.
/// </param>
public sealed record OwnedSince(DateTimeOffset Since, bool IsRejecting);
