using System;
using System.Collections.Generic;
using System.Text;

namespace Ehlo.Interop.Tests.Foreign;

/// <summary>A message to send, whose content begins with the line that it is found by.</summary>
internal sealed record Sending(string Id, Envelope Envelope, byte[] Content)
{
    public (Envelope Envelope, byte[] Content) Pair => (Envelope, Content);

    public static Sending Make(byte[] content, params IEnumerable<string> to)
    {
        string id = $"{Guid.NewGuid():N}@client.example";
        return new(id, new Envelope("sender@client.example", to), [.. Encoding.UTF8.GetBytes(MailFolder.FirstLine(id)), .. content]);
    }
}
