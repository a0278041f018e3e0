namespace Ehlo.Client;

/// <summary>A message to be sent.</summary>
/// <param name="Envelope">Who it is from and for.</param>
/// <param name="Content">What it is.</param>
/// <param name="Tag">Whatever the caller wants to find again with the outcome.</param>
public sealed record OutgoingMessage(Envelope Envelope, Content Content, object? Tag = null);
