namespace Ehlo.Protocol;

/// <summary>A command that a client has sent, until its reply is there.</summary>
/// <param name="Verb">What it is.</param>
/// <param name="Hello">What a <see cref="ClientVerb.Hello"/> says.</param>
/// <param name="Tag">Whose it is; for the caller alone.</param>
/// <param name="Index">Which of the caller's it is; for the caller alone.</param>
internal readonly record struct ClientCommand(ClientVerb Verb, Hello? Hello = null, object? Tag = null, int Index = 0);
