using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Ehlo.App.Console;

/// <summary>
/// The files of the page: resources of the assembly, so that they are there in every form of the program and from any current folder.
/// Their addresses carry a part of their hash, so a browser keeps each for good and asks again only after an update.
/// </summary>
internal sealed class ConsoleAssets
{
    // The rest of the name is the path below the address of the console.
    private const string Prefix = "Console/";

    private static readonly FrozenDictionary<string, string> ContentTypes = new Dictionary<string, string>
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    private readonly Dictionary<string, Asset> _assets;

    public ConsoleAssets(IServiceProvider services)
    {
        Assembly assembly = typeof(ConsoleAssets).Assembly;
        _assets = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(name => name[Prefix.Length..], name => new Asset(() => Read(assembly, name)), StringComparer.Ordinal);
        _assets.Add(ConsoleTheme.Path, new Asset(() => ConsoleTheme.StyleSheet(services)));
    }

    /// <summary>The paths below the address of the console, without a leading slash.</summary>
    public IEnumerable<string> Paths => _assets.Keys;

    /// <summary>What the page names an asset by, relative to its base.</summary>
    public string Address(string path) => $"{path}?v={_assets[path].Version}";

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach ((string path, Asset asset) in _assets)
        {
            string contentType = ContentTypes[Path.GetExtension(path)];
            // They are the same in every copy of the program, and the form that asks who it is shows the icon.
            routes.MapGet("/" + path, (HttpContext http) => Answer(http, asset, contentType))
                .WithMetadata(OpenToAllAttribute.Instance).ExcludeFromDescription();
        }
    }

    private static FileContentHttpResult Answer(HttpContext http, Asset asset, string contentType)
    {
        IHeaderDictionary headers = http.Response.Headers;
        // What is asked for by its version never changes; the bare path, as a bookmark has it, is asked for again each time.
        headers.CacheControl = http.Request.Query["v"] == asset.Version ? "public, max-age=31536000, immutable" : "no-cache";
        headers.Vary = HeaderNames.AcceptEncoding;
        bool isBrotli = headers.ContentEncoding.Count == 0 && http.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal);
        if (isBrotli)
        {
            headers.ContentEncoding = "br";
        }
        // Another form, another tag.
        var tag = new EntityTagHeaderValue($"\"{asset.Version}{(isBrotli ? "-br" : "")}\"");
        return TypedResults.Bytes(isBrotli ? asset.Compressed : asset.Octets, contentType, entityTag: tag);
    }

    private static byte[] Read(Assembly assembly, string name)
    {
        using Stream resource = assembly.GetManifestResourceStream(name)!;
        byte[] file = new byte[resource.Length];
        resource.ReadExactly(file);
        return file;
    }

    /// <summary>Read, hashed and compressed when it is first asked for: the start of the program need not wait for it.</summary>
    private sealed class Asset(Func<byte[]> read)
    {
        private readonly Lazy<byte[]> _octets = new(read);

        private Lazy<string>? _version;
        private Lazy<byte[]>? _compressed;

        public byte[] Octets => _octets.Value;

        public string Version => (_version ??= new(() => Convert.ToHexStringLower(SHA256.HashData(Octets).AsSpan(0, 8)))).Value;

        public byte[] Compressed => (_compressed ??= new(() => Compress(Octets))).Value;

        private static byte[] Compress(byte[] octets)
        {
            using MemoryStream compressed = new();
            using (BrotliStream brotli = new(compressed, CompressionLevel.Optimal))
            {
                brotli.Write(octets);
            }
            return compressed.ToArray();
        }
    }
}
