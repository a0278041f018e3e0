using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Ehlo.App.Configuration;
using Ehlo.Server;

namespace Ehlo.App.Smtp;

/// <summary>
/// So many events a minute for each IPv4 address and each IPv6 network of 64 bits: a bucket that holds a minute's worth and fills evenly.
/// </summary>
internal sealed class AddressRates(LimitsOptions limits, TimeProvider time) : SmtpRateLimiter
{
    // Buckets that may be kept: some ten megabytes. More addresses than that at once are an attack, and share one bucket.
    internal const int MaxBuckets = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(SmtpRateEvent What, IPAddress Address), Bucket> _buckets = [];
    private long _sweptAt = time.GetTimestamp();

    private struct Bucket
    {
        public double Tokens;
        public long FilledAt;
    }

    public int Count => _buckets.Count;

    public static AddressRates? For(LimitsOptions limits, TimeProvider time) =>
        limits is
        {
            ConnectionsPerMinutePerAddress: 0, MessagesPerMinutePerAddress: 0,
            RecipientsPerMinutePerAddress: 0, AuthenticationFailuresPerMinutePerAddress: 0,
        }
            ? null
            : new(limits, time);

    public override bool TryAcquire(SmtpRateEvent what, SmtpServerConnection connection) => TryAcquire(what, connection.RemoteEndPoint);

    public bool TryAcquire(SmtpRateEvent what, EndPoint? peer) =>
        peer is not IPEndPoint { Address: var address } || TryAcquire(what, address, draws: true);

    /// <param name="what">The event.</param>
    /// <param name="address">Whose it is.</param>
    /// <param name="draws">Whether it takes place; else the question is only whether it could.</param>
    public bool TryAcquire(SmtpRateEvent what, IPAddress address, bool draws)
    {
        int perMinute = PerMinute(what);
        if (perMinute == 0) return true;
        lock (_gate)
        {
            (SmtpRateEvent, IPAddress) key = (what, NetworkOf(address));
            if (!_buckets.ContainsKey(key) && _buckets.Count >= MaxBuckets)
            {
                Sweep();
                if (_buckets.Count >= MaxBuckets) key = (what, IPAddress.None);
            }
            Bucket bucket = _buckets.GetValueOrDefault(key, new() { Tokens = perMinute, FilledAt = time.GetTimestamp() });
            bucket.Tokens = Math.Min(perMinute, bucket.Tokens + time.GetElapsedTime(bucket.FilledAt).TotalMinutes * perMinute);
            bucket.FilledAt = time.GetTimestamp();
            bool isAllowed = bucket.Tokens >= 1;
            if (isAllowed && draws) bucket.Tokens--;
            _buckets[key] = bucket;
            return isAllowed;
        }
    }

    // A bucket that nobody has drawn from for a minute is full, which is what one that is not there is. Once a second at most: it is dear.
    private void Sweep()
    {
        if (time.GetElapsedTime(_sweptAt) < TimeSpan.FromSeconds(1)) return;
        _sweptAt = time.GetTimestamp();
        foreach (((SmtpRateEvent, IPAddress) key, Bucket bucket) in _buckets)
        {
            if (time.GetElapsedTime(bucket.FilledAt) >= TimeSpan.FromMinutes(1)) _buckets.Remove(key);
        }
    }

    private int PerMinute(SmtpRateEvent what) => what switch
    {
        SmtpRateEvent.Connection => limits.ConnectionsPerMinutePerAddress,
        SmtpRateEvent.Message => limits.MessagesPerMinutePerAddress,
        SmtpRateEvent.Recipient => limits.RecipientsPerMinutePerAddress,
        SmtpRateEvent.AuthenticationFailure => limits.AuthenticationFailuresPerMinutePerAddress,
        _ => 0,
    };

    private static IPAddress NetworkOf(IPAddress address)
    {
        if (address.AddressFamily is not AddressFamily.InterNetworkV6) return address;
        byte[] octets = address.GetAddressBytes();
        octets.AsSpan(8).Clear();
        return new(octets);
    }
}
