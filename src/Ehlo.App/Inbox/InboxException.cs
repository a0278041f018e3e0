using System;

namespace Ehlo.App.Inbox;

/// <summary>The inbox cannot be opened, read or written; the message says what and where.</summary>
internal sealed class InboxException(string message, Exception? inner = null) : Exception(message, inner);
