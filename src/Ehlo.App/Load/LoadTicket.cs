namespace Ehlo.App.Load;

/// <summary>Leave to send one message.</summary>
/// <param name="Due">The clock's timestamp when it is to begin; null for at once.</param>
internal readonly record struct LoadTicket(long? Due);
