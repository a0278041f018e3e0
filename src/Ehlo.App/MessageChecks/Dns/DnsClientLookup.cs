using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using DnsClient;
using DnsClient.Protocol;

namespace Ehlo.App.MessageChecks.Dns;

/// <summary>Asks the resolvers of the system.</summary>
internal sealed class DnsClientLookup : INameLookup
{
    // The client is made at the first question: it looks for the system's resolvers, which takes a while.
    private readonly Lazy<LookupClient> _client = new(() => new LookupClient(new LookupClientOptions
    {
        // RFC 7208 section 4.6.4: twenty seconds in all are enough; of those one question gets no more than a few.
        Timeout = TimeSpan.FromSeconds(3),
        Retries = 1,
        UseCache = true,
        MaximumCacheTimeout = TimeSpan.FromMinutes(1),
        ThrowDnsErrors = false,
    }));

    public async ValueTask<NameAnswer> AskAsync(string name, NameRecord record, CancellationToken cancellationToken)
    {
        try
        {
            IDnsQueryResponse response = await _client.Value.QueryAsync(name, TypeOf(record), cancellationToken: cancellationToken);
            return response.Header.ResponseCode switch
            {
                DnsHeaderResponseCode.NoError => NameAnswer.Of(ValuesOf(response, record)),
                DnsHeaderResponseCode.NotExistentDomain => NameAnswer.Nothing,
                _ => NameAnswer.Failed,
            };
        }
        catch (Exception exception) when (exception is DnsResponseException or SocketException or ArgumentException or InvalidOperationException)
        {
            return NameAnswer.Failed;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return NameAnswer.Failed;
        }
    }

    private static QueryType TypeOf(NameRecord record) => record switch
    {
        NameRecord.A => QueryType.A,
        NameRecord.Aaaa => QueryType.AAAA,
        NameRecord.Mx => QueryType.MX,
        NameRecord.Ptr => QueryType.PTR,
        _ => QueryType.TXT,
    };

    private static List<string> ValuesOf(IDnsQueryResponse response, NameRecord record) => record switch
    {
        NameRecord.A => [.. response.Answers.ARecords().Select(answer => answer.Address.ToString())],
        NameRecord.Aaaa => [.. response.Answers.AaaaRecords().Select(answer => answer.Address.ToString())],
        NameRecord.Mx => [.. response.Answers.MxRecords().OrderBy(answer => answer.Preference).Select(answer => NameOf(answer.Exchange))],
        NameRecord.Ptr => [.. response.Answers.PtrRecords().Select(answer => NameOf(answer.PtrDomainName))],
        // RFC 7208 section 3.3: strings are joined without a space between them.
        _ => [.. response.Answers.TxtRecords().Select(answer => string.Concat(answer.Text))],
    };

    private static string NameOf(DnsString name) => name.Value.TrimEnd('.');
}
