using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Ehlo.App.Console;

/// <summary>
/// Keys of what the pages hand to a browser and get back. They live as long as the process, as what they protect does; the platform would
/// write them into the home folder of whoever runs this.
/// </summary>
internal sealed class MemoryKeys : IXmlRepository
{
    private readonly ConcurrentQueue<XElement> _keys = new();

    public IReadOnlyCollection<XElement> GetAllElements() => _keys.ToArray();

    public void StoreElement(XElement element, string friendlyName) => _keys.Enqueue(new XElement(element));
}
