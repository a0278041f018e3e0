using System;
using System.Net;
using Ehlo.App.Configuration;
using Ehlo.App.Smtp;
using Ehlo.Server;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Ehlo.App.Tests.Smtp;

public sealed class AddressRatesTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void An_address_has_a_minutes_worth_at_once_and_the_rest_evenly()
    {
        AddressRates rates = new(new() { MessagesPerMinutePerAddress = 6 }, _time);
        for (int i = 0; i < 6; i++) Assert.True(Ask("192.0.2.1"));
        Assert.False(Ask("192.0.2.1"));
        Assert.True(Ask("192.0.2.2"));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(Ask("192.0.2.1"));
        Assert.False(Ask("192.0.2.1"));
        _time.Advance(TimeSpan.FromHours(1));
        for (int i = 0; i < 6; i++) Assert.True(Ask("192.0.2.1"));
        Assert.False(Ask("192.0.2.1"));
        // What has no rate passes, and so does who has no address.
        Assert.True(rates.TryAcquire(SmtpRateEvent.Recipient, IPEndPoint.Parse("192.0.2.1:1")));
        Assert.True(rates.TryAcquire(SmtpRateEvent.Message, (EndPoint?)null));

        bool Ask(string address) => rates.TryAcquire(SmtpRateEvent.Message, IPEndPoint.Parse(address));
    }

    [Fact]
    public void Of_IPv6_a_network_of_64_bits_is_one()
    {
        AddressRates rates = new(new() { ConnectionsPerMinutePerAddress = 1 }, _time);
        Assert.True(rates.TryAcquire(SmtpRateEvent.Connection, IPEndPoint.Parse("[2001:db8::1]:1")));
        Assert.False(rates.TryAcquire(SmtpRateEvent.Connection, IPEndPoint.Parse("[2001:db8::ffff:2]:1")));
        Assert.True(rates.TryAcquire(SmtpRateEvent.Connection, IPEndPoint.Parse("[2001:db8:0:1::1]:1")));
    }

    [Fact]
    public void More_addresses_than_can_be_kept_share_one_bucket_until_others_are_full()
    {
        AddressRates rates = new(new() { ConnectionsPerMinutePerAddress = 1 }, _time);
        for (int i = 0; i < AddressRates.MaxBuckets; i++) Assert.True(Ask(i));
        Assert.True(Ask(AddressRates.MaxBuckets));
        Assert.False(Ask(AddressRates.MaxBuckets + 1));
        Assert.InRange(rates.Count, AddressRates.MaxBuckets, AddressRates.MaxBuckets + 1);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(Ask(AddressRates.MaxBuckets + 1));
        Assert.InRange(rates.Count, 1, 2);

        bool Ask(int i) => rates.TryAcquire(SmtpRateEvent.Connection, new IPEndPoint(new IPAddress((uint)i), 1));
    }

    [Fact]
    public void Without_a_rate_there_is_no_limiter() => Assert.Null(AddressRates.For(new(), _time));
}
