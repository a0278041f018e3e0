using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;

namespace Ehlo.App.Configuration;

/// <summary>Reads lists of addresses and networks: <c>127.0.0.1</c>, <c>10.0.0.0/8</c>, <c>2001:db8::/32</c>.</summary>
internal sealed class NetworksReader(SectionReader section)
{
    /// <summary>Empty where the key is absent; an address is a network of its own.</summary>
    public IReadOnlyList<IPNetwork> Read(string key)
    {
        List<IPNetwork> networks = [];
        IReadOnlyList<string> texts = section.Texts(key) ?? [];
        for (int i = 0; i < texts.Count; i++)
        {
            if (TryParse(texts[i], out IPNetwork network))
            {
                networks.Add(network);
            }
            else
            {
                section.Problem($"{key}[{i}]", $"\"{texts[i]}\" is not an address such as 192.0.2.1, or a network such as 10.0.0.0/8");
            }
        }
        return networks;
    }

    private static bool TryParse(string text, out IPNetwork network)
    {
        if (text.Contains('/'))
        {
            return IPNetwork.TryParse(text, out network);
        }
        bool isAddress = IPAddress.TryParse(text, out IPAddress? address);
        network = isAddress ? new IPNetwork(address!, address!.AddressFamily is AddressFamily.InterNetwork ? 32 : 128) : default;
        // The parser takes "127.1" and "2130706433" too, which nobody means.
        return isAddress && (address!.AddressFamily is AddressFamily.InterNetworkV6 || address.ToString() == text);
    }
}
