using System;

namespace Ehlo.App.Posting;

/// <summary>Why a message is not taken.</summary>
internal enum PostFault : byte
{
    Malformed,
    TooLarge,

    /// <summary>No route takes one of the recipients.</summary>
    Refused,
}

/// <summary>A message that cannot be posted. Nothing was added.</summary>
internal sealed class PostException(PostFault fault, string message) : Exception(message)
{
    public PostFault Fault => fault;
}
