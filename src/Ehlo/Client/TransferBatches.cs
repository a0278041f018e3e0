using System;
using System.Collections.Generic;
using System.Linq;
using Ehlo.Protocol;

namespace Ehlo.Client;

/// <summary>The transactions that a message needs: one, or several where a server limits its recipients (RFC 9422 section 4).</summary>
internal static class TransferBatches
{
    // What most messages have; nobody writes to it.
    private static readonly int[] OneRecipient = [0];

    public static IEnumerable<MessageTransfer> Of(Envelope envelope, Content content, OfferedExtensions offered, object? owner)
    {
        int count = envelope.Recipients.Count;
        if (count > (offered.MaxRecipients ?? int.MaxValue) || offered.MaxRecipientDomains is not null)
            return Several(envelope, content, offered, owner);
        return [new(envelope, count == 1 ? OneRecipient : [.. Enumerable.Range(0, count)], content, owner)];
    }

    private static IEnumerable<MessageTransfer> Several(Envelope envelope, Content content, OfferedExtensions offered, object? owner)
    {
        int most = offered.MaxRecipients ?? int.MaxValue;
        bool isFirst = true;
        foreach (int[] part in Parts(envelope.Recipients, most, offered.MaxRecipientDomains ?? int.MaxValue))
        {
            MessageTransfer transfer = new(envelope, part, content, owner);
            if (!isFirst && !content.IsRepeatable) transfer.RefuseLocally(LocalReplies.TooManyRecipients);
            yield return transfer;
            isFirst = false;
        }
    }

    // The places of the recipients in each, in the envelope's order.
    private static IEnumerable<int[]> Parts(IReadOnlyList<EnvelopeRecipient> recipients, int most, int mostDomains)
    {
        List<int> part = [];
        HashSet<string> domains = new(StringComparer.OrdinalIgnoreCase);
        for (int place = 0; place < recipients.Count; place++)
        {
            string address = recipients[place].Path.Address;
            string domain = address[(address.LastIndexOf('@') + 1)..];
            bool isNewDomain = !domains.Contains(domain);
            if (part.Count == most || (isNewDomain && domains.Count == mostDomains))
            {
                yield return [.. part];
                part.Clear();
                domains.Clear();
            }
            part.Add(place);
            domains.Add(domain);
        }
        if (part.Count > 0) yield return [.. part];
    }
}
