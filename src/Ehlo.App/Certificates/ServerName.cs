using System;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Ehlo.App.Configuration;

namespace Ehlo.App.Certificates;

/// <summary>What a certificate is for: a host name, <c>*.</c> and a domain, or an address.</summary>
internal sealed record ServerName
{
    public const string Rule = "must be a host name in ASCII, *. and a domain, or an IP address";

    private readonly string _text;

    private ServerName(string text, IPAddress? address) => (_text, Address) = (text, address);

    /// <summary>Null for a name.</summary>
    public IPAddress? Address { get; }

    public static bool TryParse(string text, [NotNullWhen(true)] out ServerName? name)
    {
        // "2130706433" would be an address to the platform, and "1.2" too.
        bool isAddress = IPAddress.TryParse(text, out IPAddress? address) && (text.Contains(':') || text.Split('.').Length == 4);
        if (isAddress && !HasScope(address!))
        {
            name = new ServerName(address!.ToString(), address);
            return true;
        }
        string host = text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text;
        // A name that ends in digits is read as an address by many.
        bool isName = !isAddress && HostName.IsValid(host) && !char.IsAsciiDigit(host[^1]);
        name = isName ? new ServerName(text.ToLowerInvariant(), null) : null;
        return isName;
    }

    public override string ToString() => _text;

    // A scope is of one machine; a certificate has no place for it.
    private static bool HasScope(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0;
}
