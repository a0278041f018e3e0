using System;
using System.Threading.Tasks;

namespace Ehlo.Client;

/// <summary>Takes content, piece by piece; each piece is the caller's again when the task is done.</summary>
internal interface IContentSink
{
    ValueTask TakeAsync(ReadOnlyMemory<byte> octets);
}
