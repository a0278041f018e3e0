using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;

namespace Ehlo;

/// <summary>
/// What a trusted peer says of the client for which it speaks: with XCLIENT for the session from then on, with XFORWARD for one message.
/// Immutable. The peer's word is all there is for it.
/// </summary>
public sealed class ForwardedClient
{
    internal const string Unavailable = "[UNAVAILABLE]";
    internal const string TemporarilyUnavailable = "[TEMPUNAVAIL]";

    private readonly Dictionary<string, string> _attributes;

    internal ForwardedClient(Dictionary<string, string> attributes) => _attributes = attributes;

    /// <summary>
    /// What was said, decoded, by the attribute's name in upper case. <c>[UNAVAILABLE]</c> says that there is none, or that the peer
    /// cannot know; <c>[TEMPUNAVAIL]</c>, of names, that the peer could not find out now.
    /// </summary>
    public IReadOnlyDictionary<string, string> Attributes => _attributes;

    /// <summary>ADDR: the client's address, or null.</summary>
    public IPAddress? Address => AddressOf("ADDR");

    /// <summary>PORT: the client's port, or null.</summary>
    public int? Port => PortOf("PORT");

    /// <summary>NAME: the client's name in the DNS, found by its address and confirmed, or null.</summary>
    public string? Name => ValueOf("NAME");

    /// <summary>REVERSE_NAME: the client's name as found by its address and not confirmed, or null.</summary>
    public string? ReverseName => ValueOf("REVERSE_NAME");

    /// <summary>HELO: what the client called itself, or null.</summary>
    public string? HelloName => ValueOf("HELO");

    /// <summary>PROTO: what the client spoke, SMTP or ESMTP, or null; of XFORWARD also another protocol.</summary>
    public string? Protocol => ValueOf("PROTO");

    /// <summary>LOGIN: as whom the client is authenticated, or null.</summary>
    public string? Login => ValueOf("LOGIN");

    /// <summary>DESTADDR: the address that the client connected to, or null.</summary>
    public IPAddress? DestinationAddress => AddressOf("DESTADDR");

    /// <summary>DESTPORT: the port that the client connected to, or null.</summary>
    public int? DestinationPort => PortOf("DESTPORT");

    /// <summary>IDENT: how the peer calls the message in its own logs, or null.</summary>
    public string? Identifier => ValueOf("IDENT");

    /// <summary>SOURCE: where the message came from, LOCAL or REMOTE as the peer sees it, or null.</summary>
    public string? Source => ValueOf("SOURCE");

    /// <summary>These attributes over the older ones.</summary>
    internal ForwardedClient Over(ForwardedClient? older)
    {
        if (older is null) return this;
        Dictionary<string, string> all = new(older._attributes);
        foreach ((string name, string value) in _attributes) all[name] = value;
        return new(all);
    }

    /// <summary>Without what an older command said of the identity, which each XCLIENT gives anew or takes away.</summary>
    internal ForwardedClient WithoutLogin()
    {
        Dictionary<string, string> others = new(_attributes);
        others.Remove("LOGIN");
        return new(others);
    }

    /// <summary>The client's end of the connection, where this is what the peer's is.</summary>
    internal EndPoint? ReplaceRemote(EndPoint? peer) => Replace(peer, "ADDR", "PORT");

    /// <summary>The server's end of the connection, where this is what the peer connected to.</summary>
    internal EndPoint? ReplaceLocal(EndPoint? local) => Replace(local, "DESTADDR", "DESTPORT");

    // A port belongs to its address: without a word of it, that of a new address is 0, for unknown.
    private EndPoint? Replace(EndPoint? original, string addressName, string portName)
    {
        if (_attributes.ContainsKey(addressName))
            return AddressOf(addressName) is { } address ? new IPEndPoint(address, PortOf(portName) ?? 0) : null;
        return original is IPEndPoint known && _attributes.ContainsKey(portName) ? new IPEndPoint(known.Address, PortOf(portName) ?? 0) : original;
    }

    private string? ValueOf(string name) =>
        _attributes.TryGetValue(name, out string? value) && value is not (Unavailable or TemporarilyUnavailable) ? value : null;

    private int? PortOf(string name) => ValueOf(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private IPAddress? AddressOf(string name) =>
        ValueOf(name) is { } text && AddressLiteral.TryParse($"[{text}]", out AddressLiteral? literal) ? literal.Address : null;
}
