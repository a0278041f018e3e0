using System;
using System.Net;

namespace Ehlo.InboxClient;

/// <summary>The server refused a request; the message is what it said.</summary>
public sealed class InboxApiException : Exception
{
    internal InboxApiException(HttpStatusCode status, string message)
        : base(message) => Status = status;

    /// <summary>The status of the answer.</summary>
    public HttpStatusCode Status { get; }
}
