using System;

namespace Ehlo.App.Inbox;

/// <summary>The disk is full. What was being added is not in the inbox; the inbox works again as soon as there is room.</summary>
internal sealed class InboxFullException(string message, Exception? inner = null) : Exception(message, inner);
