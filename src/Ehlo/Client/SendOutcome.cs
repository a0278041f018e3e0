using System;

namespace Ehlo.Client;

/// <summary>What became of one of many messages.</summary>
/// <param name="Message">The message.</param>
/// <param name="Result">The result, or null where a connection failed.</param>
/// <param name="Failure">How it failed, or null.</param>
public sealed record SendOutcome(OutgoingMessage Message, SendResult? Result, SmtpConnectionException? Failure);
