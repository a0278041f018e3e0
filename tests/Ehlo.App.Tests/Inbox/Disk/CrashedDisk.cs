// What a disk may hold after the power failed in the middle of a record. Of what was flushed, all; of the rest, anything:
//
//   octets written   each sector of each write is there, or not, whatever became of the writes before and after it; one that is not there
//                    reads as before, or, in the last write of the file, as garbage; behind the old end of the file as zeros or garbage
//   length           as far as some sector that is there, or as long as the file was
//   names            a file made, renamed or removed has its name, or not, or not yet: in order, or each by itself
//
// A flush of a file promises its octets and its length, one of a folder the names in it. This is harsher than the file systems in use,
// which write names in order, and octets before the length that covers them.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Ehlo.App.Tests.Inbox.Disk;

/// <summary>A disk of which the steps are known, until the power fails.</summary>
internal sealed class CrashedDisk
{
    private const int SectorOctets = 512;

    private readonly Folder _root = new();

    /// <param name="before">A folder with what was on the disk, all of it flushed.</param>
    /// <param name="isDropped">The flushes that the program is to have left out.</param>
    public CrashedDisk(string before, IEnumerable<DiskStep> steps, Func<DiskStep, bool> isDropped)
    {
        _root.Load(before);
        foreach (DiskStep step in steps)
        {
            if (!isDropped(step))
            {
                Take(step);
            }
        }
    }

    /// <summary>Writes one of the things that it may hold into a folder.</summary>
    public void Write(Random random, string folder)
    {
        // Some disks lose all that they can, some nothing, most something.
        double kept = random.Next(6) switch
        {
            0 => 0,
            1 => 1,
            _ => random.NextDouble(),
        };
        _root.Write(random, kept, folder);
    }

    private void Take(DiskStep step)
    {
        switch (step)
        {
            case DiskStep.CreateFolder create:
                FolderOf(create.Path).Add(new NameChange(null, Name(create.Path), new Folder()));
                break;
            case DiskStep.Create create:
                FolderOf(create.Path).Add(new NameChange(null, Name(create.Path), new FileOctets([])));
                break;
            case DiskStep.Write write:
                File(write.Path).Add(write);
                break;
            case DiskStep.Truncate truncate:
                File(truncate.Path).Add(truncate);
                break;
            case DiskStep.Flush flush:
                File(flush.Path).Flush();
                break;
            case DiskStep.FlushFolder flush:
                ((Folder)Find(flush.Path)).Flush();
                break;
            case DiskStep.Rename rename:
                FolderOf(rename.Path).Add(new NameChange(Name(rename.Path), Name(rename.NewPath), Find(rename.Path)));
                break;
            case DiskStep.Delete delete:
                FolderOf(delete.Path).Add(new NameChange(Name(delete.Path), null, null));
                break;
        }
    }

    private static string Name(string path) => Path.GetFileName(path);

    private Folder FolderOf(string path) => (Folder)Find(Path.GetDirectoryName(path)!);

    private FileOctets File(string path) => (FileOctets)Find(path);

    private Node Find(string path)
    {
        Node node = _root;
        foreach (string name in path.Split(Path.DirectorySeparatorChar).Where(name => name.Length > 0 && name != "."))
        {
            node = ((Folder)node).Now[name];
        }
        return node;
    }

    private abstract class Node
    {
        public abstract void Write(Random random, double kept, string path);
    }

    /// <summary>A node gets a name, loses one, or changes it.</summary>
    private sealed record NameChange(string? Old, string? New, Node? Node)
    {
        public void Apply(Dictionary<string, Node> names)
        {
            if (Old is not null)
            {
                names.Remove(Old);
            }
            if (New is not null)
            {
                names[New] = Node!;
            }
        }
    }

    private sealed class Folder : Node
    {
        private readonly List<NameChange> _unsure = [];
        private Dictionary<string, Node> _sure = [];

        /// <summary>As the running program sees it.</summary>
        public Dictionary<string, Node> Now { get; } = [];

        public void Add(NameChange change)
        {
            _unsure.Add(change);
            change.Apply(Now);
        }

        public void Load(string path)
        {
            foreach (string file in Directory.GetFiles(path))
            {
                Now[Name(file)] = new FileOctets(System.IO.File.ReadAllBytes(file));
            }
            foreach (string folder in Directory.GetDirectories(path))
            {
                var below = new Folder();
                below.Load(folder);
                Now[Name(folder)] = below;
            }
            Flush();
        }

        public void Flush()
        {
            _unsure.Clear();
            _sure = new Dictionary<string, Node>(Now);
        }

        public override void Write(Random random, double kept, string path)
        {
            Directory.CreateDirectory(path);
            var names = new Dictionary<string, Node>(_sure);
            bool isInOrder = random.Next(2) == 0;
            int end = random.Next(_unsure.Count + 1);
            for (int i = 0; i < _unsure.Count; i++)
            {
                if (isInOrder ? kept > 0 && (kept == 1 || i < end) : random.NextDouble() < kept)
                {
                    _unsure[i].Apply(names);
                }
            }
            foreach ((string name, Node node) in names)
            {
                node.Write(random, kept, Path.Combine(path, name));
            }
        }
    }

    private sealed class FileOctets(byte[] octets) : Node
    {
        private readonly List<DiskStep> _unsure = [];
        private byte[] _sure = octets;

        public void Add(DiskStep step) => _unsure.Add(step);

        public void Flush()
        {
            foreach (DiskStep step in _unsure)
            {
                if (step is DiskStep.Truncate truncate)
                {
                    Array.Resize(ref _sure, (int)truncate.Length);
                }
                else if (step is DiskStep.Write write)
                {
                    Array.Resize(ref _sure, Math.Max(_sure.Length, (int)write.Offset + write.Octets.Length));
                    write.Octets.CopyTo(_sure, write.Offset);
                }
            }
            _unsure.Clear();
        }

        public override void Write(Random random, double kept, string path)
        {
            byte[] octets = [.. _sure];
            bool isGarbled = kept is > 0 and < 1 && random.Next(2) == 0;
            for (int i = 0; i < _unsure.Count; i++)
            {
                if (_unsure[i] is DiskStep.Truncate truncate && (kept == 1 || random.NextDouble() < kept))
                {
                    Array.Resize(ref octets, (int)truncate.Length);
                }
                else if (_unsure[i] is DiskStep.Write write)
                {
                    octets = Apply(random, kept, octets, write, isGarbled && i == _unsure.Count - 1);
                }
            }
            System.IO.File.WriteAllBytes(path, octets);
        }

        private static byte[] Apply(Random random, double kept, byte[] octets, DiskStep.Write write, bool isGarbled)
        {
            int start = (int)write.Offset;
            int end = start + write.Octets.Length;
            int oldLength = octets.Length;
            int length = kept > 0 && random.Next(3) == 0 ? end : 0;
            List<(int From, int To)> missing = [];
            for (int from = start, to; from < end; from = to)
            {
                to = Math.Min(end, ((from / SectorOctets) + 1) * SectorOctets);
                if (kept == 1 || random.NextDouble() < kept)
                {
                    length = to;
                    Array.Resize(ref octets, Math.Max(octets.Length, to));
                    write.Octets.AsSpan((from - start)..(to - start)).CopyTo(octets.AsSpan(from));
                }
                else
                {
                    missing.Add((from, to));
                }
            }
            Array.Resize(ref octets, Math.Max(octets.Length, length));
            foreach ((int from, int to) in missing)
            {
                bool isBehindTheEnd = from >= oldLength && random.Next(2) == 0;
                if ((isGarbled || isBehindTheEnd) && from < octets.Length)
                {
                    random.NextBytes(octets.AsSpan(from..Math.Min(to, octets.Length)));
                }
            }
            return octets;
        }
    }
}
